// What a step leaves behind: sealed candidates, the intent to publish them, receipts.

/// A file in the object store.
package struct SealedObject: Hashable, Sendable, Codable {
  package var digest: Digest
  package var sizeBytes: Int64
  package init(digest: Digest, sizeBytes: Int64) {
    self.digest = digest
    self.sizeBytes = sizeBytes
  }
}

/// What stands, or should stand, at a target.
package enum TargetContent: Hashable, Sendable, Codable {
  case absent
  case file(Digest)
}

/// T3: one target, what is to stand there, and what stands there now.
package struct PublishIntent: Hashable, Sendable, Codable {
  /// Relative to the definition's folder, without `.`, `..` or a leading slash.
  package var path: String
  package var object: SealedObject
  package var replaces: TargetContent
  /// The earlier step whose held result it is; `nil` is the attempt's own.
  package var step: Int?
  package init(
    path: String, object: SealedObject, replaces: TargetContent, step: Int? = nil
  ) {
    self.path = path
    self.object = object
    self.replaces = replaces
    self.step = step
  }
}

/// A published file and what `lstat` said of it right after: how a later run knows it unchanged.
package struct Artifact: Hashable, Sendable, Codable {
  package var path: String
  package var object: SealedObject
  package init(path: String, object: SealedObject) {
    self.path = path
    self.object = object
  }
}

/// The durable record that a step finished.
package struct Receipt: Hashable, Sendable, Codable {
  package var run: RunID
  package var itemKey: String
  package var occurrence: Int
  package var step: String
  package var attempt: AttemptID
  package var key: StepKey
  package var artifacts: [Artifact]
  /// What the step's process wrote as its candidate, also when it publishes nothing.
  package var candidate: SealedObject?
  package var warnings: [String]
  /// The model that answered, and where; `nil` for a command.
  package var model: String?
  package var provider: String?
  package var cost: Money?
  /// The git commit that the step's worktree became.
  package var commit: String?
  /// Who accepted it although a check or a review said no; `nil` for what passed by itself.
  package var acceptance: Acceptance?
  package init(
    run: RunID, itemKey: String, occurrence: Int, step: String, attempt: AttemptID, key: StepKey,
    artifacts: [Artifact], candidate: SealedObject?, warnings: [String] = [],
    model: String? = nil, provider: String? = nil, cost: Money? = nil, commit: String? = nil,
    acceptance: Acceptance? = nil
  ) {
    self.run = run
    self.itemKey = itemKey
    self.occurrence = occurrence
    self.step = step
    self.attempt = attempt
    self.key = key
    self.artifacts = artifacts
    self.candidate = candidate
    self.warnings = warnings
    self.model = model
    self.provider = provider
    self.cost = cost
    self.commit = commit
    self.acceptance = acceptance
  }
}

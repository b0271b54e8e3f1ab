// An artifact event from outside: what a hook of an editor or a coding agent says that it did to a file.

package import Resilience

/// What was done to a file.
package enum ArtifactAction: String, Hashable, Sendable, Codable, CaseIterable {
  case created, modified, applied, merged
}

/// A file that was created, modified, applied or merged by somebody else than the engine.
package struct ArtifactTracked: Hashable, Sendable, Codable {
  package var action: ArtifactAction
  /// Relative to the workspace.
  package var path: String
  /// `nil` for a file that was not there, or too large to be read in passing.
  package var digest: Digest?
  /// `nil` for a file that was not there.
  package var sizeBytes: Int64?
  /// In milliseconds since 1970; it tells large files apart, which have no digest.
  package var modifiedMilliseconds: Int64?
  /// What it was made from, as the hook says.
  package var from: [String]
  package var reason: String
  /// Which hook told it.
  package var source: String
  /// `swift`, `python`; `nil` when it is not known.
  package var language: String?
  /// `code`, `test`, `documentation`, `configuration`, `data`, `image`, `archive`, `binary`, `text`.
  package var nature: String
  /// When the hook told it.
  package var toldAt: Instant
  /// The item and the attempt on whose behalf it ran, if it ran in a step.
  package var itemKey: String?
  package var attempt: Int64?

  package init(
    action: ArtifactAction, path: String, digest: Digest? = nil, sizeBytes: Int64? = nil,
    modifiedMilliseconds: Int64? = nil, from: [String] = [], reason: String = "",
    source: String, language: String? = nil, nature: String, toldAt: Instant,
    itemKey: String? = nil, attempt: Int64? = nil
  ) {
    self.action = action
    self.path = path
    self.digest = digest
    self.sizeBytes = sizeBytes
    self.modifiedMilliseconds = modifiedMilliseconds
    self.from = from
    self.reason = reason
    self.source = source
    self.language = language
    self.nature = nature
    self.toldAt = toldAt
    self.itemKey = itemKey
    self.attempt = attempt
  }

  /// What makes two events of the same path, action and source one: the file has not changed between.
  package var content: String {
    if let digest { return digest.hex }
    return "\(sizeBytes.map(String.init) ?? "none") \(modifiedMilliseconds.map(String.init) ?? "")"
  }
}

/// What was tracked so far.
package struct TrackFigures: Hashable, Sendable, Codable {
  /// Events of the ledger.
  package var recorded: Int
  /// Events that said again what was known.
  package var repeated: Int
  package var files: Int
  package var byAction: [String: Int]
  package var byLanguage: [String: Int]
  package var bySource: [String: Int]
  package init(
    recorded: Int = 0, repeated: Int = 0, files: Int = 0, byAction: [String: Int] = [:],
    byLanguage: [String: Int] = [:], bySource: [String: Int] = [:]
  ) {
    self.recorded = recorded
    self.repeated = repeated
    self.files = files
    self.byAction = byAction
    self.byLanguage = byLanguage
    self.bySource = bySource
  }
}

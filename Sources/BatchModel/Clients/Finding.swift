// What a doctor finds: a stable code, where it is, one sentence, and what mends it.

/// One thing that is wrong.
package struct Finding: Hashable, Sendable {
  package enum Code: String, Hashable, Sendable, Codable, CaseIterable {
    case schemaNewer = "SCHEMA_NEWER"
    case permissionsTooOpen = "PERMISSIONS_TOO_OPEN"
    case batchProgressCorrupt = "BATCH_PROGRESS_CORRUPT"
    case ledgerCorruptLine = "LEDGER_CORRUPT_LINE"
    case ledgerBehind = "LEDGER_BEHIND"
    case countsDrift = "COUNTS_DRIFT"
    case orphanedProcess = "ORPHANED_PROCESS"
    case openReservation = "OPEN_RESERVATION"
    case staleLease = "STALE_LEASE"
    case staleBatchProgress = "STALE_BATCH_PROGRESS"
    case orphanedStaging = "ORPHANED_STAGING"
    case artifactMissing = "ARTIFACT_MISSING"
    case artifactChanged = "ARTIFACT_CHANGED"
    case walOversized = "WAL_OVERSIZED"
    case outboxOversized = "OUTBOX_OVERSIZED"
    case outboxStuck = "OUTBOX_STUCK"
    case breakerForced = "BREAKER_FORCED"
    case diskLow = "DISK_LOW"
    case invalidDefinition = "INVALID_DEFINITION"
    case unknownPrice = "UNKNOWN_PRICE"
    case missingSecret = "MISSING_SECRET"
    case missingDependency = "MISSING_DEPENDENCY"
    case circularDependency = "CIRCULAR_DEPENDENCY"
    case sinkUnreachable = "SINK_UNREACHABLE"
    case sessionEndsAtLogout = "SESSION_ENDS_AT_LOGOUT"
  }

  package enum Severity: String, Hashable, Sendable, Codable, CaseIterable {
    /// Good to know; nothing is at risk.
    case notice
    /// The batch can go on, and something should be put right.
    case warning
    /// The batch cannot go on, or something finished is at risk.
    case error
  }

  package enum Mending: String, Hashable, Sendable, Codable, CaseIterable {
    /// `doctor --fix` does it.
    case safe
    /// `doctor --fix CODE` does it: a person has to want it.
    case deliberate
    /// Only a person can.
    case byHand = "by-hand"
  }

  package var code: Code
  package var severity: Severity
  /// The item, file, process or run that it is about.
  package var subject: String
  /// What is wrong, in one sentence.
  package var sentence: String
  package var mending: Mending
  /// What the fix is going to change, or what a person has to do.
  package var remedy: String
  /// What it is about one by one, a line each, at most `previewLinesMax`: paths, attempts, events.
  package var preview: [String]

  /// More would fill the screen of whoever reads them; the sentence has the number.
  package static let previewLinesMax = 20

  package init(
    _ code: Code, _ severity: Severity, _ subject: String, _ sentence: String,
    _ mending: Mending, _ remedy: String, preview: [String] = []
  ) {
    self.code = code
    self.severity = severity
    self.subject = subject
    self.sentence = sentence
    self.mending = mending
    self.remedy = remedy
    self.preview = Array(preview.prefix(Self.previewLinesMax))
  }

  /// The command that mends it; `nil` when only a person can.
  package var command: String? {
    switch mending {
    case .safe: "footplate doctor --fix"
    case .deliberate: "footplate doctor --fix \(code.rawValue)"
    case .byHand: nil
    }
  }
}

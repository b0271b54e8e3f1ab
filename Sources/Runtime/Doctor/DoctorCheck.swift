// A check as a descriptor: how something is found, and how it is put right. One file a check.

import BatchModel

/// Looks for one thing, and may be able to mend it.
package struct DoctorCheck: Sendable {
  let code: Finding.Code
  /// What is wrong now.
  ///
  /// A thrown error becomes a finding: a check never ends an examination.
  let find: @Sendable (Examination) throws -> [Finding]
  /// Mends what was found and says what it did, a sentence each.
  ///
  /// It runs with the workspace's lock, and saves what it changes in the session's backup first.
  let fix: (@Sendable ([Finding], FixSession) throws -> [String])?

  init(
    _ code: Finding.Code, find: @escaping @Sendable (Examination) throws -> [Finding],
    fix: (@Sendable ([Finding], FixSession) throws -> [String])? = nil
  ) {
    self.code = code
    self.find = find
    self.fix = fix
  }

  /// Whether it is looked at in a moment, however long the run is.
  var isQuick: Bool {
    switch code {
    case .batchProgressCorrupt, .ledgerCorruptLine, .ledgerBehind, .countsDrift, .artifactMissing,
      .artifactChanged, .missingDependency, .circularDependency:
      false
    case .schemaNewer, .permissionsTooOpen, .orphanedProcess, .openReservation, .staleLease,
      .staleBatchProgress, .orphanedStaging, .walOversized, .outboxOversized, .outboxStuck,
      .breakerForced, .diskLow, .invalidDefinition, .unknownPrice, .missingSecret,
      .sinkUnreachable, .sessionEndsAtLogout:
      true
    }
  }

  /// In the order in which they are mended: what others rest on first.
  static let all: [DoctorCheck] = [
    .schemaNewer, .permissionsTooOpen, .batchProgressCorrupt, .ledgerCorruptLine, .ledgerBehind,
    .countsDrift, .orphanedProcess, .openReservation, .staleLease, .staleBatchProgress,
    .orphanedStaging, .artifactMissing, .artifactChanged, .walOversized, .outboxOversized,
    .outboxStuck, .breakerForced, .diskLow, .invalidDefinition, .unknownPrice, .missingSecret,
    .missingDependency, .circularDependency, .sinkUnreachable, .sessionEndsAtLogout,
  ]
}

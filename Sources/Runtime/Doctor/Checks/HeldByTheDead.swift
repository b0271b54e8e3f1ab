// OPEN_RESERVATION and STALE_LEASE: what attempts of a dead engine still hold, money or items.
//
// On one host nothing expires: holding the workspace's lock proves every other engine dead. So a lease
// is stale as soon as its engine is gone. A run that counts as running is STALE_BATCH_PROGRESS; a
// paused, stopped, finished or superseded one with attempts under way is a STALE_LEASE.

import BatchModel
import BatchStore
import Resilience

extension DoctorCheck {
  static let openReservation = DoctorCheck(.openReservation) { examination in
    try examination.abandoned { $0.reservation != nil }.map { run, attempts in
      let sum = attempts.compactMap(\.reservation).filter { $0.billing == .metered }
        .reduce(Money.zero) { $0 + $1.worstCase }
      return Finding(
        .openReservation, .warning, run.run.text,
        "attempts of an engine that is gone still hold reservations: \(attempts.count), "
          + "\(sum.dollars) of the cap", .safe,
        "charges in full what may have been billed, and queues the items again",
        preview: attempts.map(\.line))
    }
  } fix: { findings, session in
    try session.giveBack(findings, "charged and closed") { $0.reservation != nil }
  }

  static let staleLease = DoctorCheck(.staleLease) { examination in
    try examination.abandoned { _ in true }.compactMap { run, attempts in
      guard run.state != .running else { return nil }
      return Finding(
        .staleLease, .warning, run.run.text,
        "it is \(run.state.rawValue), and attempts of an engine that is gone still hold items: "
          + "\(attempts.count)", .safe,
        "ends the attempts and gives the items back; the run stays \(run.state.rawValue)",
        preview: attempts.map(\.line))
    }
  } fix: { findings, session in
    try session.giveBack(findings, "ended") { _ in true }
  }
}

extension Examination {
  /// The runs that have open attempts of the kind that is meant, while no engine lives.
  fileprivate func abandoned(
    _ isMeant: (OpenAttempt) -> Bool
  ) throws -> [(RunSummary, [OpenAttempt])] {
    guard !isEngineLive, let store else { return [] }
    return try store.runs(limit: 10_000).compactMap { run in
      let attempts = try store.openAttempts(of: run.run).filter(isMeant)
      return attempts.isEmpty ? nil : (run, attempts)
    }
  }
}

extension OpenAttempt {
  /// The attempt in a preview.
  fileprivate var line: String {
    let held = reservation.map { ", \($0.worstCase.dollars) at \($0.provider)" } ?? ""
    return "attempt \(attempt) of item \(item), engine \(epoch)\(held)"
  }
}

extension FixSession {
  /// Recovers the attempts that are meant; the runs stay in their states.
  fileprivate func giveBack(
    _ findings: [Finding], _ word: String, where isMeant: (OpenAttempt) -> Bool
  ) throws -> [String] {
    try backup.saveStore()
    return try withStore { store, _ in
      try findings.map { finding in
        let count = try recover(RunID(finding.subject), in: store, where: isMeant)
        return "attempts of \(finding.subject) that were \(word): \(count)"
      }
    }
  }
}

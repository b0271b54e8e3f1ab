// OUTBOX_OVERSIZED and OUTBOX_STUCK: events that wait for their sink, too many or too long, and those
// that it refused.

import BatchDefinition
import BatchModel
import BatchStore
import Outbox
import Resilience

extension DoctorCheck {
  static let outboxOversized = DoctorCheck(.outboxOversized) { examination in
    guard let figures = try examination.outbox(),
      figures.sizeBytes > figures.sizeBytesMax / 5 * 4
    else { return [] }
    let lost = figures.lost == 0 ? "" : "; lost so far: \(figures.lost)"
    return [
      Finding(
        .outboxOversized, .warning, figures.sink,
        "\(figures.pending) events wait, \(figures.sizeBytes) bytes of at most "
          + "\(figures.sizeBytesMax): past that the oldest are given up\(lost)", .deliberate,
        "gives up the oldest events, the least important first, until half of the bound is left; "
          + "footplate sync --now delivers them instead")
    ]
  } fix: { findings, session in
    try session.backup.saveStore()
    return try findings.map { try session.giveUpEvents(of: $0.subject) }
  }

  /// What waits longer than this does not wait for a short outage.
  private static let waitMax = Duration.seconds(3600)

  static let outboxStuck = DoctorCheck(.outboxStuck) { examination in
    guard let figures = try examination.outbox() else { return [] }
    return try [examination.waiting(figures, longerThan: waitMax)].compactMap { $0 }
      + examination.refused(by: figures.sink)
  } fix: { findings, session in
    try session.backup.saveStore()
    return try session.withStore { store, _ in
      try Set(findings.map(\.subject)).sorted().map { sink in
        let count = try store.offerRefusedAgain(to: sink)
        return "\(count) refused events are offered to \(sink) again"
      }
    }
  }
}

extension Examination {
  /// How the outbox of the batch's sink stands; `nil` without a sink, or before its first event.
  fileprivate func outbox() throws -> OutboxFigures? {
    guard let store else { return nil }
    // Without a definition that can be read the newest sink is meant.
    let batch = try? definition.get().batch
    if let batch, batch.events == nil { return nil }
    if isEngineLive, case .live(let gauges?) = try RunClient(layout).liveness(),
      let figures = gauges.outbox
    {
      return figures
    }
    return try store.outboxFigures(of: batch?.events, at: now)
  }

  fileprivate func waiting(_ figures: OutboxFigures, longerThan limit: Duration) -> Finding? {
    guard figures.pending > 0, let oldest = figures.oldest,
      oldest.duration(to: now) > limit
    else { return nil }
    let minutes = oldest.duration(to: now).nanosecondsClamped / 60_000_000_000
    let next = figures.nextTry.map { "; the next try is at \($0.rfc3339)" } ?? ""
    let trouble = figures.trouble.isEmpty ? "" : "; \(figures.trouble)"
    return Finding(
      .outboxStuck, .warning, figures.sink,
      "the oldest of \(figures.pending) events has waited for \(minutes) minutes\(trouble)\(next)",
      .byHand, "footplate sync --now delivers without waiting, and says what is wrong")
  }

  /// Refused events are settled: only a person brings them back.
  fileprivate func refused(by sink: String) throws -> [Finding] {
    guard let store else { return [] }
    let refusals = try store.outboxRefusals(of: sink, limit: 10_000)
    guard let last = refusals.first, let first = refusals.last else { return [] }
    return [
      Finding(
        .outboxStuck, .warning, sink,
        "it refused \(refusals.count) events, the last one with \(last.status)"
          + (last.reason.isEmpty ? "" : ": \(last.reason)"),
        isEngineLive ? .byHand : .deliberate,
        "offers them again, and with them what came after event \(first.sequence): the sink tells "
          + "repeats by their ids",
        preview: refusals.map { "event \($0.sequence): \($0.status) \($0.reason)" })
    ]
  }
}

extension FixSession {
  /// Gives events up as the relay does when too much waits, down to half of the bound.
  fileprivate func giveUpEvents(of sink: String) throws -> String {
    try withStore { store, _ in
      guard let cursor = try store.outboxCursors().first(where: { $0.sink == sink }) else {
        return "there is no outbox of \(sink)"
      }
      var backlog = Backlog(cursor)
      try backlog.count(in: store)
      let known = definition?.batch.events ?? EventSink(url: sink)
      try backlog.trim(
        Backlog.Bounds(bytesMax: known.spoolBytesMax / 2, keep: known.keep), showing: store)
      try store.saveOutbox(backlog.cursor, refused: [])
      return "\(backlog.cursor.lost - cursor.lost) events are given up; \(backlog.pending) wait"
    }
  }
}

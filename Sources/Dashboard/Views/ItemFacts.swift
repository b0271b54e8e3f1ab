// What is known of one item, as lines of text: its tries, its receipts, and why things are so.

import BatchModel
import Canvas
import Resilience

/// The lines of the item's panel; pure text, so that scrolling knows how many there are.
package enum ItemFacts {
  /// The key, with its number where the source has it several times.
  static func name(_ row: ItemRow) -> String {
    row.occurrence > 1 ? "\(row.key) (\(row.occurrence))" : row.key
  }

  /// What a row's note says: why it waits and until when, what failed, why it was skipped.
  static func note(_ row: ItemRow, _ model: DashboardModel) -> [Span] {
    switch row.state {
    case .waiting: return waiting(row, model)
    case .failed:
      let group = model.group(of: row.signature).map { [Span($0.name + " ", .fail)] } ?? []
      return group + [Span(row.note)]
    case .skipped:
      return [Span(row.skipReason.map(Wording.skip) ?? row.note, .muted)]
    default: return [Span(row.note, .muted)]
    }
  }

  private static func waiting(_ row: ItemRow, _ model: DashboardModel) -> [Span] {
    let reason = row.waitReason.map(Wording.wait) ?? "waits"
    guard let until = row.waitUntil else {
      return [Span(reason, .wait), Span(" " + row.note, .muted)]
    }
    let left = model.shownAt.duration(to: until)
    let time = left > .zero ? "in " + Wording.duration(left) : "now"
    let note = row.note.isEmpty ? "" : "  " + row.note
    return [Span("\(reason) \(time)", .wait), Span(note, .muted)]
  }

  /// One sentence: where the item stands.
  static func sentence(_ row: ItemRow, _ model: DashboardModel) -> [Span] {
    let step = model.steps.isEmpty ? "" : " at " + model.stepName(row.step)
    let age = Wording.duration(row.since.duration(to: model.shownAt))
    var spans = [Span(Wording.state(row.state), .of(row.state))]
    switch row.state {
    case .running: spans.append(Span("\(step), try \(row.tries), for \(age)"))
    case .failed:
      spans.append(Span("\(step), \(row.tries == 1 ? "1 try" : "\(row.tries) tries")"))
      spans += relatives(row, model)
    case .waiting: spans += [Span(step + ": ")] + waiting(row, model)
    case .skipped: spans.append(Span(": " + (row.skipReason.map(Wording.skip) ?? row.note)))
    case .done, .cancelled: spans.append(Span(" \(age) ago"))
    case .queued: spans.append(Span("\(step), number \(Wording.count(Int(row.ordinal)))"))
    }
    return spans
  }

  private static func relatives(_ row: ItemRow, _ model: DashboardModel) -> [Span] {
    guard let group = model.group(of: row.signature) else { return [] }
    let others = group.count - 1
    let rest =
      others > 0 ? " with \(Wording.count(others)) \(others == 1 ? "other" : "others")" : ""
    return [Span(", "), Span(group.name, .fail), Span(rest)]
  }

  /// The lines of a tab; the log's are not among them.
  package static func lines(of model: DashboardModel, tab: ItemTab) -> [[Span]] {
    guard let detail = model.item.detail else { return [[Span("reading the item", .muted)]] }
    switch tab {
    case .log, .tries: return tries(detail, model)
    case .receipts: return receipts(detail)
    case .why: return why(detail, model)
    }
  }

  private static func tries(_ detail: ItemDetail, _ model: DashboardModel) -> [[Span]] {
    guard !detail.attempts.isEmpty else { return [[Span("not tried yet", .muted)]] }
    return detail.attempts.flatMap { attempt -> [[Span]] in
      let end = attempt.endedAt ?? model.shownAt
      let role = role(of: attempt.outcome)
      var line = [
        Span(Wording.clock(attempt.startedAt, zone: model.zone), .muted),
        Span("  \(model.stepName(attempt.step)) try \(attempt.tryNumber)  "),
        Span(Wording.outcome(attempt.outcome), role),
        Span("  " + Wording.duration(attempt.startedAt.duration(to: end)), .muted),
      ]
      if attempt.outcome == nil, let pid = attempt.pid { line.append(Span("  pid \(pid)", .muted)) }
      guard let failure = attempt.failure else { return [line] }
      line.append(Span("  " + Wording.failure(failure), .fail))
      return [line, [Span("          " + failure.message, .muted)]]
    }
  }

  private static func role(of outcome: AttemptOutcome?) -> Role {
    switch outcome {
    case .succeeded: .ok
    case .failed: .fail
    case .interrupted, .unknown, .deferred: .wait
    case .neverStarted: .muted
    case nil: .run
    }
  }

  private static func receipts(_ detail: ItemDetail) -> [[Span]] {
    guard !detail.receipts.isEmpty else { return [[Span("no step has finished yet", .muted)]] }
    return detail.receipts.flatMap { receipt -> [[Span]] in
      let key = "ik:" + receipt.key.key.digest.hex.prefix(12)
      var lines = [
        [Span(receipt.step, .title), Span("  \(key)  attempt \(receipt.attempt)", .muted)]
      ]
      for artifact in receipt.artifacts {
        let size = Wording.bytes(artifact.object.sizeBytes)
        let digest = artifact.object.digest.hex.prefix(12)
        lines.append([Span("  " + artifact.path), Span("  \(size)  \(digest)", .muted)])
      }
      if receipt.artifacts.isEmpty { lines.append([Span("  publishes nothing", .muted)]) }
      lines += receipt.warnings.map { [Span("  ! ", .wait), Span($0)] }
      return lines
    }
  }

  private static func why(_ detail: ItemDetail, _ model: DashboardModel) -> [[Span]] {
    var lines: [[Span]] = []
    for attempt in detail.attempts where !attempt.why.isEmpty {
      let step = model.stepName(attempt.step)
      lines.append([Span("\(step) try \(attempt.tryNumber): ", .muted), Span(attempt.why)])
    }
    if let reason = detail.row.skipReason {
      lines.append([Span("skipped: ", .muted), Span(Wording.skip(reason))])
    }
    lines += detail.after.map { [Span("comes after ", .muted), Span($0)] }
    if !detail.row.note.isEmpty { lines.append([Span("note: ", .muted), Span(detail.row.note)]) }
    lines.append([Span("number ", .muted), Span(Wording.count(Int(detail.row.ordinal)))])
    guard case .object(let fields) = detail.payload else { return lines }
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
      lines.append([Span(name + ": ", .muted), Span(value.asText)])
    }
    return lines
  }
}

extension JSONValue {
  /// A string as it is, anything else in its canonical form.
  fileprivate var asText: String {
    if case .string(let text) = self { return text }
    return canonical
  }
}

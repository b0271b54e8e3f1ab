// What is known of one item, as lines of text: its tries, its receipts, and why things are so.

import BatchModel
package import Canvas
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
    case .waiting: return WaitWording.spans(row, model)
    case .failed:
      let group = model.group(of: row.signature).map { [Span($0.name + " ", .fail)] } ?? []
      return group + [Span(row.note)]
    case .skipped:
      return [Span(skipped(row), .muted)]
    case .running where model.isDeserted: return [Span("interrupted", .wait)]
    default: return [Span(row.note, .muted)]
    }
  }

  /// Why it is skipped, with what the person said who did it.
  private static func skipped(_ row: ItemRow) -> String {
    guard let reason = row.skipReason else { return row.note }
    let isTold = reason == .byHand && !row.note.isEmpty && row.note != "by hand"
    return Wording.skip(reason) + (isTold ? ": " + row.note : "")
  }

  /// One sentence: where the item stands.
  static func sentence(_ row: ItemRow, _ model: DashboardModel) -> [Span] {
    let step = model.steps.isEmpty ? "" : " at " + model.stepName(row.step)
    let age = Wording.duration(row.since.duration(to: model.agesAt(of: row.state)))
    var spans = [Span(Wording.state(row.state), .of(row.state))]
    switch row.state {
    case .running where model.isDeserted:
      spans += [Span("\(step), try \(row.tries), "), Span("interrupted after \(age)", .wait)]
    case .running: spans.append(Span("\(step), try \(row.tries), for \(age)"))
    case .failed:
      spans.append(Span("\(step), \(row.tries == 1 ? "1 try" : "\(row.tries) tries")"))
      spans += relatives(row, model)
    case .waiting: spans += [Span(step + ": ")] + WaitWording.spans(row, model)
    case .skipped: spans.append(Span(": " + skipped(row)))
    case .done, .cancelled: spans.append(Span(" \(age) ago"))
    case .queued: spans.append(Span("\(step), number \(Wording.count(Int(row.ordinal)))"))
    }
    return spans + remark(row, model)
  }

  /// What a person noted on it.
  private static func remark(_ row: ItemRow, _ model: DashboardModel) -> [Span] {
    guard let detail = model.item.detail, detail.row.id == row.id, let remark = detail.remark else {
      return []
    }
    return [Span("  note: ", .key), Span(remark)]
  }

  private static func relatives(_ row: ItemRow, _ model: DashboardModel) -> [Span] {
    guard let group = model.group(of: row.signature) else { return [] }
    let others = group.count - 1
    let rest =
      others > 0 ? " with \(Wording.count(others)) \(others == 1 ? "other" : "others")" : ""
    return [Span(", "), Span(group.name, .fail), Span(rest)]
  }

  /// The lines of a tab; the log's are not among them.
  package static func lines(
    of model: DashboardModel, tab: ItemTab, glyphs: GlyphSet = .unicode
  ) -> [[Span]] {
    guard let detail = model.item.detail else { return [[Span("reading the item", .muted)]] }
    switch tab {
    case .log, .tries: return Timeline.lines(detail, model, glyphs)
    case .prompt, .answer, .diff: return text(of: model, tab)
    case .receipts: return receipts(detail)
    case .why: return why(detail, model)
    }
  }

  /// A fetched text; a difference with its colours.
  private static func text(of model: DashboardModel, _ tab: ItemTab) -> [[Span]] {
    guard let shown = model.shownText else {
      return [[Span("reading the \(tab.rawValue)", .muted)]]
    }
    let review = tab == .diff ? review(shown.text.review, model) : []
    guard !shown.lines.isEmpty else { return review + [[Span(shown.text.emptiness, .muted)]] }
    return review
      + shown.lines.map { [Span($0, tab == .diff ? differenceRole(of: $0) : .text)] }
  }

  /// What a person may do with the candidate.
  private static func review(_ held: HeldCandidate?, _ model: DashboardModel) -> [[Span]] {
    guard let held else { return [] }
    return [
      [Span("refused: ", .fail), Span(held.refusal)],
      [
        Span(model.key(.accept), .key), Span(" accept it   "), Span(model.key(.sendBack), .key),
        Span(" send it back to \(model.stepName(held.sendsBackTo))"),
      ],
    ]
  }

  private static func differenceRole(of line: String) -> Role {
    if line.hasPrefix("+++ ") || line.hasPrefix("--- ") { return .title }
    switch line.unicodeScalars.first {
    case "+": return .ok
    case "-": return .fail
    case "@": return .muted
    default: return .text
    }
  }

  private static func receipts(_ detail: ItemDetail) -> [[Span]] {
    guard !detail.receipts.isEmpty else { return [[Span("no step has finished yet", .muted)]] }
    return detail.receipts.flatMap { receipt -> [[Span]] in
      let key = "ik:" + receipt.key.key.digest.hex.prefix(12)
      var lines = [
        [Span(receipt.step, .title), Span("  \(key)  attempt \(receipt.attempt)", .muted)]
      ]
      let made = [receipt.model, receipt.cost.map(Wording.sum)].compactMap { $0 }
      if !made.isEmpty { lines.append([Span("  by \(made.joined(separator: ", "))")]) }
      if let word = receipt.acceptance {
        lines.append([Span("  accepted by \(word.by) over: ", .wait), Span(word.overruled)])
      }
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
    if let remark = detail.remark { lines.append([Span("note: ", .key), Span(remark)]) }
    for (attempt, number) in Timeline.numbered(detail.attempts) where !attempt.why.isEmpty {
      let step = model.stepName(attempt.step)
      lines.append([Span("\(step) #\(number): ", .muted), Span(attempt.why)])
    }
    if let reason = detail.row.skipReason {
      lines.append([Span("skipped: ", .muted), Span(Wording.skip(reason))])
    }
    lines += detail.after.map { [Span("comes after ", .muted), Span($0)] }
    if !detail.row.note.isEmpty { lines.append([Span("says: ", .muted), Span(detail.row.note)]) }
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

// An item's attempts as a timeline: when, how long beside each other, how each ended, what it cost.

import BatchModel
import Canvas
import Resilience

enum Timeline {
  /// One line an attempt, and another where it says what went wrong.
  static func lines(
    _ detail: ItemDetail, _ model: DashboardModel, _ glyphs: GlyphSet
  ) -> [[Span]] {
    guard !detail.attempts.isEmpty else { return [[Span("not tried yet", .muted)]] }
    func length(_ attempt: AttemptRow) -> Double {
      let end = attempt.endedAt ?? model.agesAt(of: .running)
      return Double(max(0, attempt.startedAt.duration(to: end).nanosecondsClamped))
    }
    let longest = max(1, detail.attempts.map(length).max() ?? 1)
    let room = GaugeRoom(columns: barColumns, glyphs: glyphs)
    return numbered(detail.attempts).flatMap { attempt, number -> [[Span]] in
      let share = max(length(attempt) / longest, 1 / Double(barColumns))
      let bar = room.bar(share, columns: barColumns)
      let line = head(attempt, number: number, bar: bar, model)
      if let feedback = attempt.feedback { return [line] + words(of: feedback) }
      guard let failure = attempt.failure else { return [line] }
      let words = failure.message.isEmpty ? "" : ": " + failure.message
      return [
        line,
        [Span("         "), Span(Wording.failure(failure), .fail), Span(words, .muted)],
      ]
    }
  }

  /// Each with its place among those of its step: rounds and later retries count their tries anew.
  static func numbered(_ attempts: [AttemptRow]) -> [(attempt: AttemptRow, number: Int)] {
    var counts: [Int: Int] = [:]
    return attempts.map { attempt in
      counts[attempt.step, default: 0] += 1
      return (attempt, counts[attempt.step] ?? 1)
    }
  }

  /// What a review said, as far as it fits beside the other rounds.
  private static func words(of feedback: String) -> [[Span]] {
    let lines = feedback.split(whereSeparator: \.isNewline)
    let shown = lines.prefix(feedbackLinesMax).enumerated().map { index, line in
      [
        Span(index == 0 ? "         sent back: " : "           ", .wait),
        Span(String(line), .muted),
      ]
    }
    let rest = lines.count - shown.count
    return rest > 0 ? shown + [[Span("           and \(rest) lines more", .muted)]] : shown
  }

  private static let feedbackLinesMax = 6
  private static let barColumns = 6

  /// `02:12:37 ██████ write #1 FAIL 0:12  $0.02  haiku`.
  private static func head(
    _ attempt: AttemptRow, number: Int, bar: String, _ model: DashboardModel
  ) -> [Span] {
    let role = role(of: attempt.outcome)
    let end = attempt.endedAt ?? model.agesAt(of: .running)
    // Its process may have outlived the engine: nobody knows before another one looks.
    let isLost = attempt.outcome == nil && model.isDeserted
    var line = [
      Span(Wording.clock(attempt.startedAt, zone: model.zone), .muted), Span(" "),
      Span(bar, role), Span(" \(model.stepName(attempt.step)) #\(number) "),
      isLost ? Span("interrupted", .wait) : Span(Wording.outcome(attempt.outcome), role),
      Span(" " + Wording.duration(attempt.startedAt.duration(to: end)), .muted),
    ]
    if attempt.outcome == nil, let pid = attempt.pid { line.append(Span("  pid \(pid)", .muted)) }
    if let cost = attempt.cost, cost > .zero { line.append(Span("  " + Wording.sum(cost))) }
    if let name = attempt.model { line.append(Span("  " + name, .muted)) }
    return line
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
}

// The outbox in a few lines for a person.

import BatchModel
import Resilience

enum OutboxText {
  static func lines(_ figures: OutboxFigures) -> [String] {
    var lines = ["\(figures.sink)  \(word(figures.health))", line(figures)]
    lines.append(
      "\(megabytes(figures.sizeBytes)) of \(megabytes(figures.sizeBytesMax)) wait"
        + (figures.oldest == nil
          ? "" : ", the oldest for \(Duration.milliseconds(figures.lagMilliseconds).brief)"))
    if let last = figures.lastDelivery { lines.append("last delivery \(last.rfc3339)") }
    if let next = figures.nextTry { lines.append("next try \(next.rfc3339)") }
    if !figures.trouble.isEmpty { lines.append(figures.trouble) }
    if figures.lost > 0 {
      lines.append("\(figures.lost) events were lost: too much waited, or for too long")
    }
    if figures.pending > 0, figures.nextTry == nil {
      lines.append("\(figures.pending) events wait: footplate sync --now delivers them")
    }
    return lines
  }

  /// `pending 12  delivered 340  failed 1  lost 0`.
  static func line(_ figures: OutboxFigures) -> String {
    "pending \(figures.pending)  delivered \(figures.delivered)  failed \(figures.failed)  "
      + "lost \(figures.lost)"
  }

  private static func megabytes(_ bytes: Int) -> String {
    let tenths = (bytes + 50_000) / 100_000
    return "\(tenths / 10).\(tenths % 10) MB"
  }

  private static func word(_ health: SinkHealth) -> String {
    switch health {
    case .unknown: "not tried yet"
    case .well: "well"
    case .failing: "failing"
    case .open: "down, left alone for a while"
    case .unwilling: "takes nothing from us"
    }
  }
}

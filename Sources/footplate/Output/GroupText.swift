// One group of failures in lines for a person.

import BatchModel
import Resilience

enum GroupText {
  static func lines(_ group: FailureGroup) -> [String] {
    var lines = ["\(group.name)  \(state(group))\(group.count)  \(group.signature.text)"]
    var facts = "such as \(group.sampleKey)"
    if group.cost > .zero { facts += ", \(group.cost.dollars) wasted" }
    if let trend = trend(group.recent) { facts += ", \(trend)" }
    if group.retrying > 0 { facts += ", \(group.retrying) being retried" }
    lines.append("      \(facts)")
    if let note = group.note { lines.append("      note: \(note)") }
    guard group.count > 0 else { return lines }
    lines.append(
      "      \(group.suggestion): footplate retry --group \(group.name)")
    return lines
  }

  private static func state(_ group: FailureGroup) -> String {
    if group.isReopened { return "REOPENED  " }
    if let resolvedAt = group.resolvedAt { return "resolved \(resolvedAt.localTime)  " }
    return ""
  }

  /// How the last half hour compares with the one before; `nil` when nothing failed in the hour.
  private static func trend(_ recent: [Int]) -> String? {
    let half = recent.count / 2
    let (before, after) = (recent.prefix(half).reduce(0, +), recent.suffix(half).reduce(0, +))
    guard before + after > 0 else { return nil }
    let word = after > before ? "rising" : after < before ? "falling" : "steady"
    return "\(word): \(before + after) in the last hour"
  }
}

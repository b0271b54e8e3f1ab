// One item in lines for a person.

import BatchModel
import Dashboard
import Resilience

enum ItemText {
  static func lines(_ detail: ItemDetail, steps: [String]) -> [String] {
    var lines = [headline(detail.row)]
    if let remark = detail.remark { lines.append("note: \(remark)") }
    if !detail.after.isEmpty { lines.append("after \(detail.after.joined(separator: ", "))") }
    lines.append("payload \(detail.payload.canonical)")
    for attempt in detail.attempts { lines.append(line(attempt, steps: steps)) }
    for receipt in detail.receipts {
      lines.append("receipt \(receipt.step)  \(receipt.key.key)  attempt \(receipt.attempt)")
      if let commit = receipt.commit { lines.append("  commit \(commit)") }
      for artifact in receipt.artifacts {
        lines.append(
          "  \(artifact.path)  \(artifact.object.digest)  \(artifact.object.sizeBytes) bytes")
      }
      for warning in receipt.warnings { lines.append("  warning: \(warning)") }
      if let acceptance = receipt.acceptance { lines.append("  " + sentence(acceptance)) }
    }
    return lines
  }

  /// Why it stands where it stands: the state's reason, and why each attempt was made.
  static func why(_ detail: ItemDetail, steps: [String]) -> [String] {
    var lines = [headline(detail.row)]
    for attempt in detail.attempts {
      lines.append("\(step(attempt.step, steps)) try \(attempt.tryNumber) ran: \(attempt.why)")
      if let failure = attempt.failure {
        lines.append("  it failed (\(failure.kind.rawValue)): \(failure.message)")
      }
      if let feedback = attempt.feedback { lines.append("  it sent the work back: \(feedback)") }
    }
    return lines
  }

  private static func headline(_ row: ItemRow) -> String {
    var text = "\(row.key) \(row.state.rawValue)"
    if let reason = row.skipReason { text += " (\(sentence(reason)))" }
    if let reason = row.waitReason { text += " (\(Wording.wait(reason)))" }
    if let until = row.waitUntil { text += " until \(until.localTime)" }
    if !row.note.isEmpty { text += ": \(row.note)" }
    return text
  }

  private static func line(_ attempt: AttemptRow, steps: [String]) -> String {
    var text =
      "attempt \(attempt.id)  \(step(attempt.step, steps)) try \(attempt.tryNumber)  "
      + (attempt.outcome?.rawValue ?? "under way")
    if let end = attempt.endedAt {
      text += " after \(attempt.startedAt.duration(to: end).brief)"
    }
    if let model = attempt.model { text += "  \(model)" }
    if let cost = attempt.cost { text += " \(cost.dollars)" }
    if let failure = attempt.failure { text += "  \(failure.kind.rawValue) \(failure.message)" }
    text += "  (\(attempt.why))"
    guard let feedback = attempt.feedback else { return text }
    let lines = feedback.split(whereSeparator: \.isNewline).map { "\n    \($0)" }
    return text + "\n  sent back:" + lines.joined()
  }

  private static func step(_ index: Int, _ steps: [String]) -> String {
    steps.indices.contains(index) ? steps[index] : "step \(index + 1)"
  }

  /// Who let it pass, and over what.
  static func sentence(_ acceptance: Acceptance) -> String {
    let reason = acceptance.reason.isEmpty ? "" : ": \(acceptance.reason)"
    return "accepted by \(acceptance.by), \(acceptance.at.localTime)\(reason) "
      + "(overruled: \(acceptance.overruled))"
  }

  /// A skip's reason as a sentence.
  static func sentence(_ reason: SkipReason) -> String {
    switch reason {
    case .unchanged: "unchanged: a receipt covers it"
    case .olderRecipe: "done with an older recipe: kept; --refresh runs it again"
    case .dependencyFailed: "an item that it comes after did not succeed"
    case .byHand: "skipped by hand"
    }
  }
}

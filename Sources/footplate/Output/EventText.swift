// A ledger event in one line for a person.

import BatchModel
import Resilience

enum EventText {
  /// The line; `nil` for events that a person does not want to read one by one.
  static func line(_ change: Change, keys: [ItemID: String], steps: [String]) -> String? {
    func key(_ item: ItemID) -> String { keys[item] ?? "item \(item)" }
    func step(_ index: Int) -> String {
      steps.indices.contains(index) ? steps[index] : "step \(index + 1)"
    }
    switch change {
    case .runStarted, .itemsEnqueued, .attemptLaunched, .resultRecorded, .resultHeld, .publishing:
      return nil
    case .runMoved(let move): return "run \(move.to.rawValue): \(move.why)"
    case .attemptStarted(let start):
      let again = start.tryNumber > 1 ? " try \(start.tryNumber)" : ""
      return "start \(key(start.item)) \(step(start.step))\(again) (\(start.why))"
    case .attemptEnded(let end):
      return end.outcome == .failed ? nil : "\(end.outcome.rawValue) \(key(end.item))"
    case .resultRejected: return nil
    case .stepDone(let done):
      let paths = done.artifacts.map(\.path).joined(separator: " ")
      let warnings = done.warnings.map { "; warning: \($0)" }.joined()
      let word = done.acceptance.map { "; accepted by \($0.by)" } ?? ""
      return "done \(key(done.item)) \(step(done.step)) \(paths)\(warnings)\(word)"
    case .sentBack(let back):
      return "sent back \(key(back.item)) to \(step(back.to)), round \(back.state.round + 1)"
    case .itemMoved(let move): return line(move, key(move.item))
    case .itemsMoved(let moved): return line(moved)
    case .providerMoved(let moved):
      let until = moved.until.map { " until \($0.localTime)" } ?? ""
      return "\(moved.provider) \(moved.to)\(until): \(moved.why)"
    case .budgetMoved(let moved): return "budget: \(moved.why)"
    case .holdMoved(let moved): return "\(moved.why), by \(moved.by)"
    case .parallelMoved(let moved): return "parallel: \(moved.why), by \(moved.by)"
    case .canaryMoved(let moved): return "retry of a group: \(moved.why)"
    // The store's own record that a request was applied: its effect has a line of its own.
    case .noted(let note) where note.code.hasPrefix(":"): return nil
    case .noted(let note): return "\(note.code): \(note.message)"
    case .artifactTracked(let artifact):
      return "\(artifact.source) \(artifact.action.rawValue) \(artifact.path)"
    case .remarked(let remark):
      let target =
        switch remark.target {
        case .item(let item): key(item)
        case .group(let signature): signature.text
        }
      return remark.text.isEmpty
        ? "\(remark.by) took the note on \(target) away"
        : "\(remark.by) noted on \(target): \(remark.text)"
    }
  }

  private static func line(_ moved: ItemsMoved) -> String {
    switch moved.action {
    case .retry, .skip, .cancel: "\(moved.count) items moved by \(moved.by)"
    case .accept(let reason, _):
      "\(moved.count) accepted by \(moved.by)" + (reason.isEmpty ? "" : ": \(reason)")
    case .sendBack(let feedback): "\(moved.count) sent back by \(moved.by): \(feedback)"
    }
  }

  private static func line(_ move: ItemMoved, _ key: String) -> String? {
    let note = move.note.isEmpty ? "" : ": \(move.note)"
    switch move.to {
    case .queued, .running: return nil
    case .waiting:
      if move.waitReason == .held { return "wait \(key)\(note)" }
      return "wait \(key) until \(move.until?.localTime ?? "later")\(note)"
    case .skipped:
      let reason = move.skipReason.map(ItemText.sentence) ?? "skipped"
      return "skip \(key) (\(reason))\(note)"
    case .failed: return "FAIL \(key)\(note)"
    case .done, .cancelled: return "\(move.to.rawValue) \(key)\(note)"
    }
  }
}

// Two runs side by side, for a person.

import BatchModel
import Runtime

enum ComparisonText {
  static func lines(_ comparison: RunComparison) -> [String] {
    [side(comparison.from), side(comparison.to)] + moves(comparison) + failures(comparison)
      + models(comparison)
  }

  private static func side(_ side: RunComparison.Side) -> String {
    let spent = side.spent > 0 ? "  \(dollars(side.spent))" : ""
    return "\(side.run)  \(side.state)  done \(side.items.done)  failed \(side.items.failed)  "
      + "of \(side.items.total)\(spent)"
  }

  private static func moves(_ comparison: RunComparison) -> [String] {
    let alike = comparison.moves.filter { $0.from == $0.to }.reduce(0) { $0 + $1.count }
    let others = comparison.moves.filter { $0.from != $0.to }
    var lines = ["", "items that ended alike: \(alike)"]
    lines += others.map { "  \($0.from) → \($0.to): \($0.count)" }
    lines += comparison.items.map { item in
      let note = item.note.isEmpty ? "" : ": \(item.note)"
      let repeated = item.occurrence > 1 ? " (\(item.occurrence))" : ""
      return "    \(item.key)\(repeated)  \(item.from) → \(item.to)\(note)"
    }
    let left = others.reduce(0) { $0 + $1.count } - comparison.items.count
    return left > 0 ? lines + ["    and \(left) more: --limit"] : lines
  }

  private static func failures(_ comparison: RunComparison) -> [String] {
    guard !comparison.failures.isEmpty else { return [] }
    return ["", "failures"]
      + comparison.failures.map { "  \($0.from) → \($0.to)  \($0.signature)" }
  }

  private static func models(_ comparison: RunComparison) -> [String] {
    guard !comparison.models.isEmpty else { return [] }
    return ["", "models"]
      + comparison.models.map { model in
        "  \(model.model)  calls \(model.fromCalls) → \(model.toCalls)  "
          + "\(dollars(model.fromCost)) → \(dollars(model.toCost))"
      }
  }

  private static func dollars(_ amount: Double) -> String {
    Money(picodollars: Int64((amount * 1e12).rounded())).dollars
  }
}

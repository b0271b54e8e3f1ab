// What it will cost to run so many items again, as far as the past tells.

package import BatchModel

extension RunSnapshot {
  /// The mean of what the items that ended by working cost, times the count; `nil` when nothing was
  /// spent or nothing ended.
  package func estimatedCost(of count: Int) -> Money? {
    guard let meanCost, count > 0 else { return nil }
    let cost = meanCost * Double(count)
    return cost < 9e18 ? Money(picodollars: Int64(cost.rounded(.up))) : nil
  }

  /// Items that ended by working.
  var worked: Int { summary.counts.done + summary.counts.failed }

  /// What each of them cost, in picodollars; `nil` when nothing was spent or nothing ended.
  var meanCost: Double? {
    guard let budget, budget.spent > .zero, worked > 0 else { return nil }
    return Double(budget.spent.picodollars) / Double(worked)
  }
}

extension DashboardModel {
  /// `about $0.60`, as a sheet's last line; none where nothing costs anything.
  func costLines(of count: Int) -> [String] {
    guard let cost = snapshot?.estimatedCost(of: count) else { return [] }
    return ["about \(Wording.cents(cost)), as those that ended have cost"]
  }
}

extension Wording {
  /// A sum that is only guessed: cents are exact enough.
  package static func cents(_ money: Money) -> String {
    let cent: Int64 = 10_000_000_000
    let cents = max(1, money.picodollars / cent + (money.picodollars % cent > 0 ? 1 : 0))
    let rest = cents % 100
    return "$\(cents / 100)." + (rest < 10 ? "0\(rest)" : "\(rest)")
  }
}

// Sums of money as they stand in sentences and columns: short, and never free when they are not.

package import BatchModel

extension Wording {
  /// `$214`, `$0.60`, `$0.0042`: as many places as say something.
  package static func sum(_ money: Money) -> String { "$" + bareSum(money) }

  /// The same for a column that has the unit in its name.
  package static func bareSum(_ money: Money) -> String {
    let whole = money.dollars
    let digits = whole.drop { $0 == "$" || $0 == "-" }
    let sign = money < .zero ? "-" : ""
    let amount = money.picodollars.magnitude
    if amount >= 100 * pico {
      return sign + count(Int(clamping: amount / pico + (amount % pico > 0 ? 1 : 0)))
    }
    // From a cent on two places are enough, rounded up as everywhere.
    guard amount >= pico / 100, amount < pico else { return sign + digits }
    let cents = (amount + pico / 100 - 1) / (pico / 100)
    return sign + (cents == 100 ? "1.00" : cents < 10 ? "0.0\(cents)" : "0.\(cents)")
  }

  private static let pico: UInt64 = 1_000_000_000_000

  /// `about $0.60`; nothing where it is not known.
  package static func estimate(_ money: Money?) -> String {
    guard let money, money > .zero else { return "" }
    return "about \(sum(money))"
  }
}

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

  /// In at most six columns, rounded up: `12,345`, `1.24`, `0.019`, `<0.001`.
  package static func columnSum(_ money: Money) -> String {
    let amount = money.picodollars.magnitude
    func parts(_ places: UInt64) -> UInt64 {
      amount / (pico / places) + (amount % (pico / places) > 0 ? 1 : 0)
    }
    if amount >= 100 * pico { return bareSum(money) }
    if amount >= pico { return decimal(parts(100), places: 2) }
    return amount < pico / 1000 ? "<0.001" : decimal(parts(1000), places: 3)
  }

  private static func decimal(_ parts: UInt64, places: Int) -> String {
    let digits = String(parts)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return padded.dropLast(places) + "." + padded.suffix(places)
  }

  private static let pico: UInt64 = 1_000_000_000_000

  /// `about $0.60`; nothing where it is not known.
  package static func estimate(_ money: Money?) -> String {
    guard let money, money > .zero else { return "" }
    return "about \(sum(money))"
  }
}

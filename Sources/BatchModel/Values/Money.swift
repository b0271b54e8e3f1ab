// Money as an integer, so that a cap is a cap.

/// An amount in pico-dollars (10⁻¹² USD).
///
/// `Int64` holds ± 9.2 million dollars.
package struct Money: Hashable, Sendable, Comparable, Codable {
  package var picodollars: Int64
  package init(picodollars: Int64) { self.picodollars = picodollars }
  package static let zero = Money(picodollars: 0)
  package static func < (left: Money, right: Money) -> Bool { left.picodollars < right.picodollars }
  package static func + (left: Money, right: Money) -> Money {
    Money(picodollars: left.picodollars + right.picodollars)
  }
  package static func += (left: inout Money, right: Money) { left = left + right }
  package init(from decoder: any Decoder) throws {
    picodollars = try decoder.singleValueContainer().decode(Int64.self)
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(picodollars)
  }

  /// `$12.34`; small amounts with as many places as say something: `$0.0042`.
  package var dollars: String {
    let sign = picodollars < 0 ? "-" : ""
    let amount = picodollars.magnitude
    // Cents from a dollar on; below it four places, rounded up so that nothing looks free.
    let places: UInt64 = amount >= 1_000_000_000_000 ? 10_000_000_000 : 100_000_000
    let digits = places == 10_000_000_000 ? 2 : 4
    let units = (amount + places - 1) / places
    let scale: UInt64 = digits == 2 ? 100 : 10_000
    let fraction = String(units % scale)
    let padding = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)$\(units / scale).\(padding)\(fraction)"
  }

  /// For reports alone: nothing is ever computed with it.
  package var inDollars: Double { Double(picodollars) / 1e12 }
}

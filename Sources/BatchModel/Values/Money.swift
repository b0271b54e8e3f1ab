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
}

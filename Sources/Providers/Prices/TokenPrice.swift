// The price of one kind of token, as an integer.

import BatchModel

/// A price in pico-dollars for a million tokens (10⁻¹² USD): exact for every listed price.
package struct TokenPrice: Hashable, Sendable, Comparable, Codable {
  /// Fifty times the dearest model of 2026-11; dearer is a slip of the decimal point.
  package static let dollarsMax: Int64 = 10_000

  package let picodollarsPerMillion: Int64

  /// Reads USD for a million tokens, such as `3.00` or `0.075`.
  ///
  /// `nil` for anything that is no plain decimal number from 0 to 10,000, `nan` and `inf` among it.
  package init?(dollarsPerMillion text: some StringProtocol) {
    guard let value = DecimalText.scaled(text, by: 12),
      value <= Self.dollarsMax * 1_000_000_000_000
    else { return nil }
    picodollarsPerMillion = value
  }

  private init(picodollarsPerMillion: Int64) { self.picodollarsPerMillion = picodollarsPerMillion }

  /// Twice this price.
  var doubled: TokenPrice { TokenPrice(picodollarsPerMillion: picodollarsPerMillion * 2) }

  package static func < (left: TokenPrice, right: TokenPrice) -> Bool {
    left.picodollarsPerMillion < right.picodollarsPerMillion
  }
}

/// A sum of tokens at their prices, exact until it is rounded once at the end.
struct Bill {
  private var picodollarMillionths: Int128 = 0

  mutating func add(_ tokens: Int64, at price: TokenPrice) {
    picodollarMillionths += Int128(tokens) * Int128(price.picodollarsPerMillion)
  }

  /// Rounded up to the next pico-dollar; an amount that no `Money` holds is the largest one.
  var total: Money {
    let (quotient, remainder) = picodollarMillionths.quotientAndRemainder(dividingBy: 1_000_000)
    let rounded = remainder > 0 ? quotient + 1 : quotient
    return Money(picodollars: Int64(clamping: rounded))
  }
}

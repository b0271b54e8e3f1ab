// Amounts of money as people write them: decimal text on its way to an integer.

import BatchModel

/// Reads amounts in USD.
enum AmountText {
  /// More is a slip of the decimal point, and far below what `Money` holds.
  static let dollarsMax = 1_000_000

  /// The amount; `nil` for a sign, `nan`, blanks, anything else that is no plain decimal number, and
  /// for more than a million.
  static func money(_ text: String) -> Money? {
    guard let money = Money(dollars: text) else { return nil }
    let most = Int64(dollarsMax) * 1_000_000_000_000
    return money.picodollars <= most ? money : nil
  }
}

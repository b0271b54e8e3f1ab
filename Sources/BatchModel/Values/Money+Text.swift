// Amounts as people and providers write them.

extension Money {
  /// Reads an amount in USD (`0.0125`), rounded up to the pico-dollar; `nil` for anything else.
  package init?(dollars text: some StringProtocol) {
    guard let value = DecimalText.scaled(text, by: 12) else { return nil }
    self.init(picodollars: value)
  }

  /// Reads an amount in USD that came as a JSON number; `nil` for a negative or absurd one.
  ///
  /// A number with a fraction was parsed into binary; its shortest decimal form is what was written.
  package init?(dollars value: JSONValue?) {
    switch value {
    case .integer(let whole)?: self.init(dollars: String(whole))
    case .number(let number)?: self.init(dollars: "\(number)")
    case .string(let text)?: self.init(dollars: text)
    default: return nil
    }
  }
}

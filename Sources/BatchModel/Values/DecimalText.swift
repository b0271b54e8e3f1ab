// Decimal text into scaled integers, exactly: the way by which no price and no bill is ever a
// floating-point number.

/// A non-negative decimal number in text, such as `3.00`, `0.075` or `1.2e-05`.
package enum DecimalText {
  /// The number times 10^`scale`, rounded up where it has more digits.
  ///
  /// `nil` for anything but digits with one point and an exponent: signs, `nan`, `inf` and blanks are
  /// refused; so is what does not fit into 64 bits.
  package static func scaled(_ text: some StringProtocol, by scale: Int) -> Int64? {
    var mantissa = Substring(text)
    var exponent = 0
    if let mark = mantissa.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      guard let value = Int(mantissa[mantissa.index(after: mark)...]), abs(value) <= 400 else {
        return nil
      }
      exponent = value
      mantissa = mantissa[..<mark]
    }
    let parts = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    guard parts.count == 1 || !fraction.isEmpty, mantissa.utf8.count <= 400 else { return nil }
    let digits = whole + fraction
    guard digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return shifted(digits.utf8.map { Int64($0 - 48) }, by: scale + exponent - fraction.utf8.count)
  }

  /// The digits' number times 10^`shift`, rounded up.
  private static func shifted(_ digits: [Int64], by shift: Int) -> Int64? {
    let keptCount = max(0, min(digits.count, digits.count + shift))
    let kept = digits.prefix(keptCount) + Array(repeating: 0, count: max(0, shift))
    var value: Int64 = 0
    for digit in kept.drop(while: { $0 == 0 }) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowed) = product.addingReportingOverflow(digit)
      guard !overflow, !overflowed else { return nil }
      value = sum
    }
    let isExact = digits.dropFirst(keptCount).allSatisfy { $0 == 0 }
    if isExact { return value }
    return value == .max ? nil : value + 1
  }
}

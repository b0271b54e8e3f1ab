// Integer arithmetic that stops at its ends: hostile durations and amounts must not trap.

extension Int64 {
  /// The sum, or the nearest end of the range.
  func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    guard overflow else { return sum }
    return other < 0 ? .min : .max
  }

  /// The difference, or the nearest end of the range.
  func subtractingClamped(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    guard overflow else { return difference }
    return other > 0 ? .min : .max
  }

  /// The number rounded up, or the nearest end of the range; not-a-number is 0.
  init(roundingUpClamped value: Double) {
    guard !value.isNaN else {
      self = 0
      return
    }
    // 2^63 itself is the first double that `Int64` cannot hold.
    guard value < 0x1p63 else {
      self = .max
      return
    }
    self = value <= -0x1p63 ? .min : Int64(value.rounded(.up))
  }
}

// The names of requests: UUIDv7 (RFC 9562), so that their order is the order of asking.

package import Resilience

/// Makes UUIDv7 texts.
package enum RequestID {
  /// 48 bits of milliseconds, then random bits; lower case.
  package static func make(
    at now: Instant, using random: inout some RandomNumberGenerator
  ) -> String {
    let time = UInt64(max(0, now.milliseconds)) & 0xFFFF_FFFF_FFFF
    let high = (time << 16) | 0x7000 | (random.next() & 0x0FFF)
    let low = 0x8000_0000_0000_0000 | (random.next() & 0x3FFF_FFFF_FFFF_FFFF)
    let digits = hex(high) + hex(low)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text.append("-") }
      text.append(digit)
    }
    return text
  }

  private static func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

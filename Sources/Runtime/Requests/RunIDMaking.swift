// The names of runs.

package import BatchModel
import Foundation
package import Resilience

extension RunID {
  /// `run-YYYYMMDD-HHMMSS-<8 hex>`, in UTC.
  package static func make(
    at now: Instant, using random: inout some RandomNumberGenerator
  ) -> RunID {
    let date = Date(timeIntervalSince1970: Double(now.milliseconds) / 1000)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let parts = calendar.dateComponents(
      [.year, .month, .day, .hour, .minute, .second], from: date)
    func padded(_ number: Int?, _ width: Int = 2) -> String {
      let text = String(number ?? 0)
      return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
    let day = padded(parts.year, 4) + padded(parts.month) + padded(parts.day)
    let time = padded(parts.hour) + padded(parts.minute) + padded(parts.second)
    let hex = String(UInt32(truncatingIfNeeded: random.next()), radix: 16)
    return RunID("run-\(day)-\(time)-" + String(repeating: "0", count: 8 - hex.utf8.count) + hex)
  }
}

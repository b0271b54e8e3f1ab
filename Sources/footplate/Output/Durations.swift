// Durations and times as people read them.

import BatchModel
import Foundation
import Resilience

extension Duration {
  /// `4s`, `3m12s`, `7h52m`.
  var brief: String {
    let seconds = nanosecondsClamped / 1_000_000_000
    switch seconds {
    case ..<60: return "\(max(0, seconds))s"
    case ..<3600: return "\(seconds / 60)m\(seconds % 60)s"
    default: return "\(seconds / 3600)h\(seconds / 60 % 60)m"
    }
  }
}

extension Instant {
  /// `02:14:07` in the local zone.
  var localTime: String {
    let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    let parts = Calendar.current.dateComponents([.hour, .minute, .second], from: date)
    return [parts.hour, parts.minute, parts.second].map { part in
      let text = String(part ?? 0)
      return text.utf8.count < 2 ? "0" + text : text
    }.joined(separator: ":")
  }
}

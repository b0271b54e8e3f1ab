// How fast the demo is: three minutes for a person, or a part of it for a test.

import Resilience

/// The times and rates of the demo's files.
struct DemoPace {
  /// So many times as fast as for a person.
  let factor: Int

  /// What stands for the placeholders of the demo's files.
  func placeholders(address: String) -> [String: String] {
    [
      "ADDRESS": address,
      "REQUESTS": "\(190 * factor)",
      "TIMEOUT": "\(max(2, 8 / factor))s",
      "OPEN": "\(max(1, 12 / factor))s",
      "FIRST": "\(400 / factor)",
      "TOKEN": "\(40 / factor)",
      "OUTAGE": "\(max(3, 15 / factor))",
      "RETRY": "\(max(1, 3 / factor))",
    ]
  }
}

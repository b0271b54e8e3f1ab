// How large the batches are whose tests take minutes in their full size.

import Foundation

/// Sizes of batches: small enough for every change, or as large as a night's work.
enum BatchSize {
  /// Whether `FOOTPLATE_TEST_FULL=1` asks for the full size.
  static let isFull = ProcessInfo.processInfo.environment["FOOTPLATE_TEST_FULL"] == "1"

  static func of(_ usual: Int, full: Int) -> Int { isFull ? full : usual }
}

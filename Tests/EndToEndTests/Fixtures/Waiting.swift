// Waiting for what real processes do: on a condition, with a deadline, never for a length of time.

import Foundation

/// A condition that did not come true in time.
struct NeverHappened: Error, CustomStringConvertible {
  let description: String
}

/// Waits until `condition` holds.
///
/// - Throws: `NeverHappened` after `seconds`; a deadline is generous, since machines are busy.
func eventually(
  _ what: @autoclosure () -> String, within seconds: Double = 60, _ condition: () throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while try !condition() {
    guard ContinuousClock.now < deadline else {
      throw NeverHappened(description: "within \(seconds) s: \(what())")
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}

// Short forms that the tests share: moments, a generator that always answers the same, crashes.

import Foundation
import Resilience

/// The moment so many seconds after the tests' epoch.
func second(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

/// Zeroes: the least jitter.
struct NoJitter: RandomNumberGenerator {
  mutating func next() -> UInt64 { 0 }
}

/// What is left of a value after the process that held it died.
func afterCrash<Value: Codable>(_ value: Value) throws -> Value {
  try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
}

/// A value from a stored form that a test wrote by hand.
func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
  try JSONDecoder().decode(type, from: Data(json.utf8))
}

// Counting members of a usage object without trusting one of them.

import BatchModel

/// A reader of non-negative counts that remembers the first one which cannot be.
struct TokenCounts {
  /// A hundred times the longest context on the market (1,000,000 tokens, 2026-11): with it no cost
  /// at any accepted price overflows.
  static let countMax: Int64 = 100_000_000

  private let object: JSONValue
  private(set) var mistake: String?

  init(_ object: JSONValue) { self.object = object }

  /// The count at `path`; 0 where there is none.
  mutating func count(_ path: String...) -> Int64 { optional(path) ?? 0 }

  /// The count at `path`; `nil` where there is none.
  mutating func optionalCount(_ path: String...) -> Int64? { optional(path) }

  /// Notes that the counts contradict each other.
  mutating func refuse(_ reason: String) { mistake = mistake ?? reason }

  private mutating func optional(_ path: [String]) -> Int64? {
    let value = path.reduce(Optional(object)) { $0?[$1] }
    switch value {
    case nil, .null?: return nil
    case .integer(let count)?: return accept(count, at: path)
    case .number(let number)?:
      guard number == number.rounded(), abs(number) < 1e15 else { return reject(path, "\(number)") }
      return accept(Int64(number), at: path)
    case .some: return reject(path, "no number")
    }
  }

  private mutating func accept(_ count: Int64, at path: [String]) -> Int64? {
    guard (0...Self.countMax).contains(count) else { return reject(path, "\(count)") }
    return count
  }

  private mutating func reject(_ path: [String], _ what: String) -> Int64? {
    refuse("\(path.joined(separator: ".")) is \(what)")
    return nil
  }
}

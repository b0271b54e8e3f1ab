// How many retries a client may still afford, so that an outage is not answered with a storm.

/// A purse of tokens: a retry costs one, a success earns a tenth of one.
///
/// In an outage nothing earns, and retries stop after as many as the purse held; in good times one
/// call in ten may be retried. Waits that a server asked for are free. Source: gRPC A6, "Throttling
/// Retry Attempts". Counted in tenths, so that sums are exact.
public struct RetryBudget: Hashable, Sendable, Codable {
  /// The most that the purse holds, in tokens.
  public let capacity: Int
  private var tenths: Int

  /// Makes a full purse.
  public init(capacity: Int = 20) {
    precondition((1...1_000_000).contains(capacity), "a purse holds 1...1,000,000 tokens")
    self.capacity = capacity
    tenths = capacity * 10
  }

  /// Whole tokens left.
  public var tokens: Int { tenths / 10 }

  /// Earns a tenth of a token.
  public mutating func recordSuccess() { tenths = min(tenths + 1, capacity * 10) }

  /// Takes a token for one retry; false when there is none, and the call should fail instead.
  public mutating func withdraw() -> Bool {
    guard tenths >= 10 else { return false }
    tenths -= 10
    return true
  }
}

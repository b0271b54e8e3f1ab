// What one call's exchange and its watch know of each other: when something last came.

import Synchronization

/// The signs of life of one call.
final class CallPulse: Sendable {
  private struct State {
    var lastSign: Duration
    var answerOverAt: Duration?
  }

  /// Why the exchange must end.
  enum Expiry: Hashable, Sendable {
    case timedOut, stalled
    /// The answer is whole, but the stream stays open.
    case lingered
  }

  /// How long a stream may stay open after the answer's last event: enough for its last chunk, which
  /// lets the connection be used again.
  static let lingerMax = Duration.seconds(2)

  private let deadline: Duration
  private let stall: Duration?
  private let state: Mutex<State>

  init(start: Duration, timeout: Duration, stall: Duration?) {
    deadline = start + timeout
    self.stall = stall
    state = Mutex(State(lastSign: start))
  }

  func beat(at now: Duration, isOver: Bool) {
    state.withLock {
      $0.lastSign = now
      if isOver, $0.answerOverAt == nil { $0.answerOverAt = now }
    }
  }

  /// When the call expires as things stand, and why.
  var expiry: (at: Duration, reason: Expiry) {
    let state = self.state.withLock { $0 }
    if let over = state.answerOverAt {
      return (min(over + Self.lingerMax, deadline), .lingered)
    }
    guard let stall, state.lastSign + stall < deadline else { return (deadline, .timedOut) }
    return (state.lastSign + stall, .stalled)
  }
}

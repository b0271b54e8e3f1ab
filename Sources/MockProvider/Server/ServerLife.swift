// Where a server stands between its making and its end, and who waits to learn its port.

import NIOCore
import Synchronization

/// The life of one server.
final class ServerLife: Sendable {
  private typealias Waiter = CheckedContinuation<Result<UInt16, MockServer.Mistake>, Never>

  private enum State {
    /// → listening, ended.
    case starting([Waiter])
    /// → ended.
    case listening(any Channel, port: UInt16)
    case ended(MockServer.Mistake)
  }

  private let state = Mutex(State.starting([]))

  /// The port, once requests are answered.
  func port() async throws(MockServer.Mistake) -> UInt16 {
    let result = await withCheckedContinuation { continuation in
      let known: Result<UInt16, MockServer.Mistake>? = state.withLock { state in
        switch state {
        case .starting(let waiters):
          state = .starting(waiters + [continuation])
          return nil
        case .listening(_, let port): return .success(port)
        case .ended(let mistake): return .failure(mistake)
        }
      }
      if let known { continuation.resume(returning: known) }
    }
    return try result.get()
  }

  /// Notes that a channel listens; false when the server has ended before, and it must be closed.
  func listen(_ channel: any Channel, port: UInt16) -> Bool {
    let waiters: [Waiter]? = state.withLock { state in
      guard case .starting(let waiters) = state else { return nil }
      state = .listening(channel, port: port)
      return waiters
    }
    for waiter in waiters ?? [] { waiter.resume(returning: .success(port)) }
    return waiters != nil
  }

  /// Ends the server, the first reason being the one that counts; gives the channel to be closed.
  @discardableResult
  func end(_ reason: MockServer.Mistake) -> (any Channel)? {
    let (waiters, channel) = state.withLock { state -> ([Waiter], (any Channel)?) in
      let before = state
      if case .ended = before { return ([], nil) }
      state = .ended(reason)
      switch before {
      case .starting(let waiters): return (waiters, nil)
      case .listening(let channel, _): return ([], channel)
      case .ended: return ([], nil)
      }
    }
    for waiter in waiters { waiter.resume(returning: .failure(reason)) }
    return channel
  }
}

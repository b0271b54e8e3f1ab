// How a client's request reaches the run: through the spool, or, with no engine, by its own hand.

package import BatchModel
import BatchStore
import DurableFiles
import Resilience

/// What became of a request.
package enum RequestAnswer: Hashable, Sendable {
  /// An engine is going to apply it.
  case left(Request)
  /// There was no engine: it is applied.
  case applied(items: Int)
}

extension RunClient {
  /// Asks for something.
  ///
  /// - Parameter grace: how long it can be taken back.
  package func submit(
    _ action: Request.Action, of run: RunID, grace: Duration = .zero, by user: String
  ) throws -> RequestAnswer {
    let now = Instant.wallClock
    var random = SystemRandomNumberGenerator()
    let request = Request(
      id: RequestID.make(at: now, using: &random), run: run, action: action, by: user, at: now,
      notBefore: now.advanced(by: grace))
    let offline = OfflineRequests(layout: layout)
    if !EngineLock.isHeld(at: layout.lock), let changed = try offline.apply(request) {
      return .applied(items: changed)
    }
    try RequestSpool(layout).leave(request)
    // The holder may have looked into the spool for the last time before the request was there.
    if !EngineLock.isHeld(at: layout.lock) { try offline.drain() }
    return .left(request)
  }

  /// Takes a request back; false when it is too late.
  package func withdraw(_ id: String) -> Bool { RequestSpool(layout).remove(id) }
}

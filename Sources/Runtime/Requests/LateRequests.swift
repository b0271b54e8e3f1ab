// Requests that came while an engine was leaving: whoever asked in time is not left unheard.

import BatchModel
import BatchStore
import Resilience

/// Takes what still waits in the spool when the machine has left.
struct LateRequests {
  let run: RunID
  let layout: WorkspaceLayout
  let queue: WriteQueue
  let clock: @Sendable () -> Instant

  /// Waits for requests that can still be taken back, then applies those on items; a request about
  /// the run itself has nothing left to act on.
  ///
  /// - Returns: how many items have work again.
  func take() async throws -> Int {
    let spool = RequestSpool(layout)
    var queuedAgain = 0
    while true {
      let waiting = try spool.waiting().requests
      guard let first = waiting.min(by: { $0.notBefore < $1.notBefore }) else { return queuedAgain }
      let now = clock()
      if first.notBefore > now {
        // Cancelled only with the whole process; then the next engine finds the request.
        try await Task.sleep(for: min(now.duration(to: first.notBefore), .milliseconds(100)))
        continue
      }
      queuedAgain += try await apply(first, at: now)
      spool.remove(first.id)
    }
  }

  private func apply(_ request: Request, at now: Instant) async throws(StoreError) -> Int {
    let changed = try await queue.perform { store throws(StoreError) in
      try store.carryOut(request, at: now)
    }
    guard request.run == run else { return 0 }
    if case .retryGroup = request.action { return changed }
    guard case .items(let action, _) = request.action else { return 0 }
    switch action {
    case .retry, .accept, .sendBack: return changed
    case .skip, .cancel: return 0
    }
  }
}

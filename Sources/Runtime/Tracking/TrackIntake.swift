// From the spool into the ledger: what hooks left is taken up by whoever may write the store.

import BatchModel
import BatchStore
import Resilience
import Tracking

/// Takes up what hooks left.
struct TrackIntake {
  /// Calls that are taken up in one transaction.
  private static let callsMax = 500

  let run: RunID
  let layout: WorkspaceLayout
  let queue: WriteQueue
  let clock: @Sendable () -> Instant

  /// Takes up everything that waits.
  ///
  /// A call is removed after its commit; one that is seen again is known by its content.
  ///
  /// - Returns: names of files that were no calls, and are set aside.
  func take() async throws -> [String] {
    let spool = TrackSpool(layout.tracking)
    var refused: [String] = []
    while true {
      let found = try spool.waiting(limit: Self.callsMax)
      refused += found.refused
      guard !found.calls.isEmpty else { return refused }
      let artifacts = found.calls.flatMap(\.artifacts)
      let (run, now) = (run, clock())
      try await queue.perform { store throws(StoreError) in
        try store.track(artifacts, of: run, at: now)
      }
      for call in found.calls { spool.remove(call.name) }
      guard found.calls.count + found.refused.count >= Self.callsMax else { return refused }
    }
  }
}

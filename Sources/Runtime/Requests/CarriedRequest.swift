// Carrying out a request on a run that no machine works on.

import BatchModel
import BatchStore
import Resilience

extension StoreWriting {
  /// Applies a request to its resting run; one that the run's state has no room for is only
  /// recorded.
  ///
  /// - Returns: how many items changed.
  func carryOut(_ request: Request, at now: Instant) throws(StoreError) -> Int {
    let run = request.run
    if case .items(let action, let selector) = request.action {
      return try move(selector, action, of: run, request: request, at: now).changed
    }
    let state = try summary(of: run)?.state
    let moves = RunMoved.answer(to: request, in: state).map { [Change.runMoved($0)] } ?? []
    _ = try record(request, moves, of: run, at: now)
    return 0
  }
}

extension RunMoved {
  /// What a request makes of a run without an engine; `nil` when it changes nothing.
  fileprivate static func answer(to request: Request, in state: RunState?) -> RunMoved? {
    switch (request.action, state) {
    case (.pause, .running?), (.pause, .stopped?):
      RunMoved(run: request.run, to: .paused, why: "paused by hand", by: request.by)
    case (.resume, .paused?):
      RunMoved(run: request.run, to: .stopped, why: "resumed without an engine", by: request.by)
    default: nil
    }
  }
}

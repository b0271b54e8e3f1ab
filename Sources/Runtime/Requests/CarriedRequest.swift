// Carrying out a request on a run that no machine works on.

import BatchModel
import BatchStore
import Engine
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
    if case .retryGroup(let signature, let canary, let overrides) = request.action {
      return try retryGroup(
        signature, canary: canary, overrides, of: run, request: request, at: now)
    }
    _ = try record(request, try changes(for: request), of: run, at: now)
    return 0
  }

  private func changes(for request: Request) throws(StoreError) -> [Change] {
    switch request.action {
    case .setCap(let cap):
      let why = cap.map { "the cap is \($0.dollars)" } ?? "the definition's cap holds again"
      return [.budgetMoved(BudgetMoved(state: BudgetState(cap: cap), why: why, by: request.by))]
    case .note(let target, let text):
      return [
        .remarked(Remarked(run: request.run, target: target, text: text, by: request.by))
      ]
    case .breaker(let provider, let lever):
      guard var state = try providerStates()[provider], var breaker = state.breaker else {
        return []
      }
      let word = breaker.pull(lever, at: request.at)
      state = ProviderState(breaker: breaker, heldUntil: lever == .close ? nil : state.heldUntil)
      return [
        .providerMoved(
          ProviderMoved(
            provider: provider, to: word, why: "\(lever.rawValue) by \(request.by)", state: state))
      ]
    case .hold(let hold):
      let isHeld = try holds(of: request.run).contains(hold)
      return isHeld ? [] : [.holdMoved(HoldMoved(hold, isHeld: true, by: request.by))]
    case .release(let hold):
      let isHeld = try holds(of: request.run).contains(hold)
      return isHeld ? [.holdMoved(HoldMoved(hold, isHeld: false, by: request.by))] : []
    case .setParallel(let parallel):
      // A request is a file: its numbers may be anything.
      let parallel = parallel.map { Parallel(run: max(1, $0.run), llm: max(1, $0.llm)) }
      return [.parallelMoved(ParallelMoved(parallel, by: request.by))]
    case .pause, .resume, .stop, .stopAt, .reload, .items, .sync, .retryGroup:
      let state = try summary(of: request.run)?.state
      return RunMoved.answer(to: request, in: state).map { [Change.runMoved($0)] } ?? []
    }
  }
}

extension RunMoved {
  /// What a request makes of a run without an engine; `nil` when it changes nothing.
  fileprivate static func answer(to request: Request, in state: RunState?) -> RunMoved? {
    switch (request.action, state) {
    case (.pause, .running?), (.pause, .stopped?):
      RunMoved(run: request.run, to: .paused, why: "paused by hand", by: request.by)
    // Also when it rests already: a run that its host's end broke off would be gone on with.
    case (.stop, .running?), (.stop, .stopped?):
      RunMoved(run: request.run, to: .stopped, why: "stopped by hand", by: request.by)
    case (.resume, .paused?):
      RunMoved(run: request.run, to: .stopped, why: "resumed without an engine", by: request.by)
    default: nil
    }
  }
}

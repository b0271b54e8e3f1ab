// Ends of calls that are not the item's fault: waits that a provider asked for, and the next model of
// a chain.

import BatchModel
import Resilience

extension Machine {
  /// What becomes of an item whose failed call does not count as a try.
  struct Aside {
    var outcome: AttemptOutcome
    var failure: Failure
    /// `nil`: the failure is the item's after all, in these words.
    var move: ItemMoved?
  }

  /// `nil` when the failure is to be retried or to stand like any other.
  ///
  /// - Parameter isOutage: the call was a probe of a failing provider, or was sent before its breaker
  ///   opened: that the provider fails is known, and says nothing about the item.
  func stepAside(
    _ entry: WindowEntry, _ failure: Failure, _ call: CallReport?, isOutage: Bool
  ) -> Aside? {
    guard let call, let demand = entry.demand else { return nil }
    let item = entry.item
    let gate = gates[demand.reservation.provider]
    if isOutage, call.sign == .failed || (call.sign == .timedOut && !demand.hasNextModel),
      case .open(let until)? = gate?.breaker.state, until > now
    {
      // A moment later than the others, so that another item is the next probe: one that fails by
      // its own fault would hold the breaker open for ever.
      return Aside(
        outcome: .failed, failure: failure,
        move: item.waiting(
          .breaker, until: until.advanced(by: .seconds(1)), note: failure.message))
    }
    switch call.sign {
    case .rateLimited(let until):
      let due = gate?.limiter.earliestStart(of: demand.rate, at: now).0 ?? now
      return Aside(
        outcome: .deferred, failure: failure,
        move: item.waiting(
          .rateLimit, until: max(due, until ?? now, gate?.heldUntil ?? now), note: failure.message))
    case .exhausted(let until):
      return Aside(
        outcome: .deferred, failure: failure,
        move: item.waiting(
          .quota, until: gate?.heldUntil ?? until ?? now, note: failure.message))
    case .timedOut where demand.hasNextModel:
      var next = item
      next.model += 1
      let models = demand.models
      let name = models.indices.contains(next.model) ? models[next.model] : ""
      return Aside(
        outcome: .failed, failure: failure,
        move: next.queuedAgain(
          note: "\(demand.reservation.model) did not answer in time: \(name) is asked next"))
    case .timedOut where demand.models.count > 1:
      return Aside(
        outcome: .failed,
        failure: Failure(
          kind: .request,
          message: "no model answered in time: \(demand.models.joined(separator: ", then "))"))
    default: return nil
    }
  }
}

extension AttemptReport.End {
  /// For the ledger's word on a provider: what its call said.
  var words: String {
    if case .failed(let failure) = self { return failure.summary }
    return "a call succeeded"
  }
}

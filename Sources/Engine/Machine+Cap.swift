// The cap's ends: reached, exceeded by a bill above its bound, and set anew.

import BatchModel
import Resilience

extension Machine {
  mutating func reachCap(
    _ why: String, using random: inout some RandomNumberGenerator
  ) {
    let sentence = "\(why): raise the cap, then resume"
    if configuration.allowance.limits.onReached == .stop || configuration.leavesAtCap {
      drain(.capReached, why: sentence, by: "engine", now: false, using: &random)
    } else {
      pause(why: sentence, by: "engine", cause: .capReached, using: &random)
    }
  }

  /// Counts what an attempt cost that needed no permit.
  mutating func count(
    _ consumption: Consumption, using random: inout some RandomNumberGenerator
  ) {
    guard consumption.billing == .metered, consumption.cost > .zero,
      let excess = purse.spend(consumption.cost, at: now)
    else { return }
    latch(
      "\(consumption.provider) reported a cost of \(excess.dollars), and nothing was reserved: write "
        + "the step's max_cost", using: &random)
  }

  mutating func latch(_ why: String, using random: inout some RandomNumberGenerator) {
    effects.changes.append(
      .budgetMoved(BudgetMoved(state: purse.state, why: why, by: "engine")))
    reachCap(why, using: &random)
  }

  mutating func setCap(_ cap: Money?, by: String) {
    purse.setCap(cap)
    let why = purse.cap.map { "the cap is \($0.dollars)" } ?? "there is no cap"
    effects.changes.append(.budgetMoved(BudgetMoved(state: purse.state, why: why, by: by)))
    stirGates()
  }
}

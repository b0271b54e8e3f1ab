// What a plan would cost and how long it would take, in lines.

import BatchModel
import Dashboard
import Runtime

enum PlanText {
  static func lines(_ estimate: PlanEstimate, cap: Money?) -> [String] {
    let steps = estimate.lines
    guard !steps.isEmpty else { return [] }
    var lines = steps.map(line)
    if let worst = estimate.worstCase {
      lines.append(
        "at most \(worst.dollars), \(comparison(worst, cap)); retries and rounds not counted")
    }
    if let sum = estimate.byLastMeans {
      lines.append("about \(sum.dollars), by what these calls cost in the newest run")
    }
    if let day = estimate.pricesAsOf {
      lines.append("prices: built in, of \(day) or later; prices: in the definition overrides them")
    }
    if let pace = estimate.pace {
      lines.append(
        "at least \(pace.atLeast.brief), by the limits of \(pace.provider): \(pace.limit)")
    }
    return lines
  }

  /// `reply: 400 calls of rehearsal (large), at most $0.9120; about 31,200 tokens in, 28,000 out`.
  private static func line(_ step: PlanEstimate.StepLine) -> String {
    let calls = Wording.count(Int(clamping: step.calls))
    guard let model = step.model else {
      let bound = step.isBounded ? "at most \(step.worstCase.dollars)" : "no max_cost bounds them"
      return "\(step.step): \(calls) processes of \(step.provider), \(bound)"
    }
    return "\(step.step): \(calls) calls of \(step.provider) (\(model)), at most "
      + "\(step.worstCase.dollars); about \(Wording.count(Int(clamping: step.inputTokens))) tokens in, "
      + "\(Wording.count(Int(clamping: step.outputTokens))) out"
  }

  private static func comparison(_ worst: Money, _ cap: Money?) -> String {
    guard let cap else { return "and no cap" }
    return worst <= cap ? "below the cap of \(cap.dollars)" : "above the cap of \(cap.dollars)"
  }
}

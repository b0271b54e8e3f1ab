// A run with everything that levers are pulled on: providers, a hold, a budget.

import BatchModel
import Canvas
import Dashboard
import Resilience

extension FakeRun {
  /// Two providers, one of them held back, and three dollars spent of five.
  static var leverRun: FakeRun {
    var run = FakeRun(count: 1000)
    run.gates = [gate("anthropic", isHeld: true), gate("openai")]
    run.budget = BudgetFigures(
      spent: Money(picodollars: 3_000_000_000_000), reserved: .zero,
      cap: Money(picodollars: 5_000_000_000_000), isLatched: false)
    run.holds = [.provider("anthropic")]
    run.parallel = Parallel(run: 4, llm: 16)
    return run
  }

  private static func gate(_ name: String, isHeld: Bool = false) -> GateGauge {
    GateGauge(
      provider: name, breaker: "closed", inFlight: 1, concurrencyLimit: 8, waiting: 0,
      waitReason: nil, until: nil, calls: 100, inputTokens: 1000, outputTokens: 100, isHeld: isHeld)
  }
}

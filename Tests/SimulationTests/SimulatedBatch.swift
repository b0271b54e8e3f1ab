// The batch that a simulation runs: its steps, and its items in a graph of dependencies.

import BatchModel
import Resilience

enum SimulatedBatch {
  static func steps(_ options: Simulation.Options) -> [Step] {
    let command = Step.Kind.run(.arguments([Template(source: "true", variables: [])]))
    // With one try each there is more for a person to look at.
    let retry = RetryPolicy(attempts: options.hasReviewer ? 1 : 3)
    return (0..<options.steps).map { index in
      let provider = index == 0 ? "acme" : "bolt"
      return Step(
        id: "step-\(index)",
        kind: options.isCalling
          ? .llm(ModelStep(provider: provider, models: ["large", "small"])) : command,
        output: Template(source: "out", variables: []), retry: retry)
    }
  }

  /// A seeded graph without cycles.
  static func items(
    _ count: Int, using random: inout some RandomNumberGenerator
  ) -> [SourceItem] {
    (0..<count).map { number in
      let needs = (0..<number).filter { _ in Int.random(in: 0..<100, using: &random) < 12 }
      return SourceItem(
        key: "item-\(number)", payload: .object(["n": .integer(Int64(number))]),
        after: needs.map { "item-\($0)" })
    }
  }
}

// The engine's live figures, gathered from any thread and read a few times a second.

package import BatchModel
package import Resilience
import Synchronization

/// Figures for the gauges file: never truth, only news.
package final class GaugeBoard: Sendable {
  private struct State {
    var slotsUsed = 0
    var windowItems = 0
    var parallel: Parallel?
    var gates: [GateGauge] = []
    var budget: BudgetGauge?
    /// Items ended in each of the last seconds, by whole second.
    var endings: [Int64: Int] = [:]
    /// What calls under way have streamed.
    var streams: [AttemptID: (provider: String, tokens: Int64)] = [:]
  }
  private static let rateSeconds: Int64 = 10
  private let state = Mutex(State())

  package init() {}

  package func note(slotsUsed: Int, windowItems: Int, parallel: Parallel) {
    state.withLock { state in
      state.parallel = parallel
      state.slotsUsed = slotsUsed
      state.windowItems = windowItems
    }
  }

  package func note(gates: [GateGauge], budget: BudgetGauge?) {
    state.withLock { state in
      state.gates = gates
      state.budget = budget
    }
  }

  /// How far a call's answer has come; `nil` when the call is over.
  package func note(streamed tokens: Int64?, by attempt: AttemptID, from provider: String) {
    state.withLock { $0.streams[attempt] = tokens.map { (provider, $0) } }
  }

  /// Counts items that ended.
  package func noteEnded(_ count: Int, at now: Instant) {
    guard count > 0 else { return }
    let second = now.milliseconds / 1000
    state.withLock { state in
      state.endings[second, default: 0] += count
      guard state.endings.count > Int(Self.rateSeconds) + 1 else { return }
      state.endings = state.endings.filter { $0.key > second - Self.rateSeconds - 1 }
    }
  }

  /// The figures as of `now`.
  ///
  /// - Parameter slots: how many there are in all, of the kinds that the batch has.
  package func gauges(
    at now: Instant, pid: Int32, slots: (Parallel) -> Int, writes: WriteFigures
  ) -> Gauges {
    let second = now.milliseconds / 1000
    return state.withLock { state in
      // The current second is not over, so it would only lower the rate.
      let recent = state.endings.filter {
        $0.key < second && $0.key >= second - Self.rateSeconds
      }
      let first = recent.keys.min() ?? second
      let seconds = max(1, second - first)
      return Gauges(
        at: now, pid: pid,
        itemsPerSecond: Double(recent.values.reduce(0, +)) / Double(seconds),
        slotsUsed: state.slotsUsed, slots: state.parallel.map(slots) ?? 0,
        windowItems: state.windowItems, writes: writes,
        gates: state.gates.map { gate in
          var gate = gate
          gate.streamedTokens = state.streams.values
            .reduce(0) { $1.provider == gate.provider ? $0 + $1.tokens : $0 }
          return gate
        }, budget: state.budget, parallel: state.parallel)
    }
  }
}

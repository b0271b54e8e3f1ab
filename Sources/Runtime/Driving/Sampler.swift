// How a run stands, kept every few seconds for whoever looks back later.

import BatchModel
import BatchStore
import Resilience

/// Takes samples of one run.
struct Sampler {
  let run: RunID
  let queue: WriteQueue
  let gauges: GaugeBoard
  let slots: @Sendable (Parallel) -> Int

  /// Keeps a sample; counts and money are the store's, the rest the engine's own.
  func take(at now: Instant) async throws(StoreError) {
    let run = run
    let gauges = gauges.gauges(at: now, pid: 0, slots: slots, writes: WriteFigures())
    try await queue.perform { store throws(StoreError) in
      guard let counts = try store.summary(of: run)?.counts else { return }
      try store.keep(
        RunSample(
          at: now, counts: counts, rate: gauges.itemsPerSecond,
          spent: try store.spent(of: run, at: now).run, reserved: try store.reserved(of: run),
          waiting: gauges.gates.reduce(counts.waiting) { $0 + $1.waiting },
          inFlight: Dictionary(gauges.gates.map { ($0.provider, $0.inFlight) }) { $1 },
          breakers: Dictionary(gauges.gates.map { ($0.provider, $0.breaker) }) { $1 },
          slotsUsed: gauges.slotsUsed), of: run)
    }
  }
}

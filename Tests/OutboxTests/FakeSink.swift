// A sink in memory with moods, and the loop that a relay is driven by: a manual clock, no network.

import BatchModel
import Outbox
import Resilience

/// A sink that takes, refuses, chokes and dies as a test wants it.
struct FakeSink {
  /// Sequences that it refuses with 422.
  var refuses: Set<Int64> = []
  /// More events than this are too large for it.
  var eventsMax = Int.max
  /// How likely a delivery fails, and whether it had been taken all the same.
  var failureRate = 0.0
  /// Everything is answered with this.
  var fixed: SinkAnswer?
  /// What it has taken, in the order of arrival.
  private(set) var taken: [Int64] = []
  private(set) var posts = 0

  mutating func post(
    _ sequences: [Int64], using random: inout SplitMix64
  ) -> SinkAnswer {
    posts += 1
    if let fixed { return fixed }
    if sequences.count > eventsMax { return .tooLarge(status: 413) }
    let isRefused = sequences.contains(where: refuses.contains)
    if Double.random(in: 0..<1, using: &random) < failureRate {
      // A reply that is lost: the sink has the events.
      if !isRefused, Bool.random(using: &random) { taken += sequences }
      return .failed("it failed", retryAfter: nil)
    }
    if isRefused { return .refused(status: 422, reason: "not this one") }
    taken += sequences
    return .accepted
  }
}

/// A relay, its backlog and a sink, moved by hand.
final class RelayDriver {
  var relay: Relay
  var backlog: Backlog
  var sink = FakeSink()
  var now = Instant(milliseconds: 1_000_000)
  var random: SplitMix64
  var failed: [Int64] = []
  var entries: [OutboxEntry] = []

  init(seed: UInt64, options: Relay.Options = Relay.Options()) {
    relay = Relay(options)
    backlog = Backlog(OutboxCursor(sink: "http://sink", identity: "id", position: 0))
    random = SplitMix64(seed: seed)
  }

  /// Adds events to the ledger, and counts them.
  func append(_ count: Int, rank: OutboxRank = .high, sizeBytes: Int = 100) {
    let start = Int64(entries.count)
    let new = (1...Int64(count)).map {
      OutboxEntry(sequence: start + $0, at: now, rank: rank, sizeBytes: sizeBytes)
    }
    entries += new
    backlog.count(new)
  }

  /// One step; the clock moves to the end of a rest.
  func step() {
    switch relay.next(at: now, using: &random) {
    case .rest(let until): now = max(until, now.advanced(by: .milliseconds(1)))
    case .checkHealth(let probe):
      relay.checked(probe, isHealthy: sink.fixed == nil, trouble: "ill", at: now)
    case .post(let portion): post(portion)
    }
  }

  func post(_ portion: Relay.Portion) {
    let batch = Array(
      entries.filter { backlog.cursor.isPending($0) }.prefix(portion.eventsMax))
    guard let first = batch.first else {
      return relay.unused(portion, at: now, using: &random)
    }
    let answer = sink.post(batch.map(\.sequence), using: &random)
    now = now.advanced(by: .milliseconds(5))
    switch relay.finished(portion, count: batch.count, answer, at: now, using: &random) {
    case .delivered: backlog.deliver(batch, at: now)
    case .refused:
      backlog.refuse(first)
      failed.append(first.sequence)
    case .kept: break
    }
  }

  /// Steps until nothing is pending; `false` when that takes too many.
  func drain(stepsMax: Int = 20_000) -> Bool {
    for _ in 0..<stepsMax {
      if backlog.pending == 0 { return true }
      step()
    }
    return false
  }
}

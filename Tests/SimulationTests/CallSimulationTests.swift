// The promises of calls, over thousands of seeded runs: the cap, the bills, and that waits are waits.

import BatchModel
import BatchStore
import Engine
import Resilience
import Testing

/// What a finished run of calls says against its promises; empty when they hold.
private func broken(_ simulation: Simulation) throws -> [String] {
  var found: [String] = []
  let store = simulation.store
  if !simulation.isWithinCap { found.append("the providers billed more than the cap") }
  if simulation.departure != .finished { found.append("the run did not finish") }
  found += simulation.person.wrongStarts.map { "attempt \($0) started although it was held" }
  let entries = try store.entries(of: simulation.run, after: 0, limit: 1_000_000)
  found += brokenCanaries(entries)
  let charged = entries.compactMap { entry -> Money? in
    switch entry.change {
    case .attemptEnded(let end): end.consumption?.cost
    case .resultRecorded(let result): result.consumption?.cost
    case .stepDone(let done): done.result?.consumption?.cost
    default: nil
    }
  }.reduce(Money.zero, +)
  let spent = try store.spent(of: simulation.run, at: simulation.now).run
  if spent != charged { found.append("spent \(spent), the ledger says \(charged)") }
  if spent < simulation.market.billed { found.append("billed more than was charged") }
  if let cap = simulation.cap, spent > cap { found.append("charged more than the cap") }
  if try store.reserved(of: simulation.run) != .zero { found.append("reservations are left open") }
  let rows = try store.page(ItemQuery(order: .source, limit: 1000), of: simulation.run).rows
  for row in rows {
    guard let detail = try store.detail(of: row.id) else { continue }
    found += check(row, detail, steps: simulation.options.steps)
  }
  return found
}

private func check(_ row: ItemRow, _ detail: ItemDetail, steps: Int) -> [String] {
  var found: [String] = []
  if !row.state.isTerminal { found.append("\(row.key) is left \(row.state)") }
  if row.state == .done, detail.receipts.map(\.step) != (0..<steps).map({ "step-\($0)" }) {
    found.append("\(row.key) is done without exactly one receipt for each step")
  }
  if row.state == .failed {
    let failures = detail.attempts.filter { $0.outcome == .failed }
    let last = failures.last?.failure
    let tries = failures.filter { $0.step == row.step }.count
    if failures.isEmpty || (last?.isRetryable == true && tries < 3) {
      found.append("\(row.key) was failed by a wait")
    }
  }
  return found
}

@Suite("A simulated run of calls")
struct CallSimulationTests {
  @Test(
    "never costs more than its cap, through crashes at any boundary, in 1,200 seeds",
    arguments: 0..<4)
  func promises(part: Int) throws {
    var (crashes, calls, lost) = (0, 0, 0)
    for seed in part * 300..<(part + 1) * 300 {
      let simulation = try play(seed: UInt64(seed))
      guard let simulation else { return }
      crashes += simulation.crashes
      calls += simulation.market.calls
      lost += simulation.market.lostReplies
    }
    #expect(crashes > 300 && calls > 3000 && lost > 50, "crashes, calls and losses prove it")
  }

  private func play(seed: UInt64) throws -> Simulation? {
    var options = Simulation.Options()
    options.isCalling = true
    var simulation = try Simulation(seed: seed, options: options)
    let ended = try simulation.play()
    let problems = ended ? try broken(simulation) : ["it does not end"]
    #expect(problems.isEmpty, "seed \(seed): \(problems)")
    return problems.isEmpty ? simulation : nil
  }
}

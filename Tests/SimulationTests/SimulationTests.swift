// The promises, over thousands of seeded runs with crashes at every boundary.

import BatchModel
import BatchStore
import Engine
import Resilience
import Testing

/// What a finished simulation says against the promises; empty when they hold.
private func broken(_ simulation: Simulation) throws -> [String] {
  var found: [String] = []
  let store = simulation.store
  let page = try store.page(ItemQuery(order: .source, limit: 1000), of: simulation.run)
  let summary = try store.summary(of: simulation.run)
  if simulation.departure != .finished { found.append("the run did not finish") }
  if summary?.state != .finished { found.append("the run's state is not finished") }
  found += simulation.person.wrongStarts.map { "attempt \($0) started although it was held" }
  found += brokenCanaries(try store.entries(of: simulation.run, after: 0, limit: 1_000_000))
  for row in page.rows {
    guard row.state.isTerminal else {
      found.append("\(row.key) is left \(row.state)")
      continue
    }
    found += try check(row, simulation)
  }
  let byState = Dictionary(grouping: page.rows, by: \.state).mapValues(\.count)
  for state in ItemState.allCases where summary?.counts[state] != byState[state, default: 0] {
    found.append("the count of \(state) drifted")
  }
  return found
}

private func check(_ row: ItemRow, _ simulation: Simulation) throws -> [String] {
  var found: [String] = []
  guard let detail = try simulation.store.detail(of: row.id) else { return ["\(row.key) is gone"] }
  if row.state == .done, detail.receipts.count != simulation.options.steps {
    found.append("\(row.key) is done without a receipt for each step")
  }
  for receipt in detail.receipts {
    for artifact in receipt.artifacts
    where simulation.world.files[artifact.path] != artifact.object.digest {
      found.append("\(artifact.path) is not what its receipt says")
    }
  }
  for step in 0..<simulation.options.steps {
    let attempts = detail.attempts.filter { $0.step == step }
    let started = attempts.filter { $0.outcome != .neverStarted }.count
    let executed = simulation.world.executions["\(row.key)/\(step)", default: 0]
    if executed > started { found.append("\(row.key) ran more often than the record says") }
    let results = attempts.filter { $0.outcome == .succeeded }.count
    let rejected = attempts.filter { $0.outcome == .succeeded && $0.failure != nil }.count
    if results - rejected > 1 { found.append("\(row.key) was paid twice") }
  }
  return found
}

/// What became of accepted candidates: each is in its step's receipt, with the word, as it was.
private func brokenWords(_ simulation: Simulation) throws -> [String] {
  var found: [String] = []
  let store = simulation.store
  for row in try store.page(ItemQuery(order: .source, limit: 1000), of: simulation.run).rows {
    guard let detail = try store.detail(of: row.id) else { continue }
    for step in 0..<simulation.options.steps {
      guard let attempt = simulation.accepted["\(row.key)/\(step)"] else { continue }
      let receipt = detail.receipts.first { $0.step == "step-\(step)" }
      if receipt?.attempt != attempt || receipt?.acceptance?.by != "ann" {
        found.append("\(row.key): the accepted candidate of step \(step) has no receipt")
      }
      if detail.attempts.contains(where: { $0.step == step && $0.id > attempt }) {
        found.append("\(row.key): step \(step) ran again after its candidate was accepted")
      }
    }
  }
  return found
}

@Suite("A simulated run")
struct SimulationTests {
  @Test("keeps every promise through crashes at any boundary, in 2,400 seeds", arguments: 0..<4)
  func promises(part: Int) throws {
    var (crashes, held, groups) = (0, 0, 0)
    for seed in part * 600..<(part + 1) * 600 {
      var simulation = try Simulation(seed: UInt64(seed))
      let ended = try simulation.play()
      let problems = ended ? try broken(simulation) : ["it does not end"]
      #expect(problems.isEmpty, "seed \(seed): \(problems)")
      crashes += simulation.crashes
      held += simulation.person.held
      groups += simulation.groupsTried
      guard problems.isEmpty else { return }
    }
    #expect(crashes > 600, "the simulation must crash to prove anything")
    #expect(held > 100 && groups > 100, "\(held) waits for holds and \(groups) retries prove it")
  }

  @Test(
    "publishes what a person accepts, once, and buys nothing of it again, in 300 seeds",
    arguments: 0..<2)
  func words(part: Int) throws {
    var options = Simulation.Options()
    options.hasReviewer = true
    var (crashes, accepted, sentBack) = (0, 0, 0)
    for seed in part * 150..<(part + 1) * 150 {
      var simulation = try Simulation(seed: UInt64(seed), options: options)
      let ended = try simulation.play()
      let problems =
        ended ? try broken(simulation) + brokenWords(simulation) : ["it does not end"]
      #expect(problems.isEmpty, "seed \(seed): \(problems)")
      crashes += simulation.crashes
      accepted += simulation.accepted.count
      sentBack += simulation.sentBack
      guard problems.isEmpty else { return }
    }
    #expect(
      crashes > 100 && accepted > 50 && sentBack > 50,
      "\(crashes) crashes, \(accepted) and \(sentBack) words are to prove it")
  }

  @Test("replays from its seed to the same ledger")
  func replay() throws {
    for seed in 5_000..<5_020 {
      var first = try Simulation(seed: UInt64(seed))
      var second = try Simulation(seed: UInt64(seed))
      _ = try first.play()
      _ = try second.play()
      let one = try first.store.entries(of: nil, after: 0, limit: 100_000)
      let other = try second.store.entries(of: nil, after: 0, limit: 100_000)
      #expect(one == other)
    }
  }

  @Test("finds each planted bug", arguments: PlantedBug.allCases)
  func plantedBugs(bug: PlantedBug) throws {
    var options = Simulation.Options()
    options.bug = bug
    options.crashPercent = 6
    options.isCalling = bug.needsCalls
    for seed in 0..<300 {
      do {
        var simulation = try Simulation(seed: UInt64(seed), options: options)
        guard try simulation.play(), simulation.isWithinCap else { return }
        if try !broken(simulation).isEmpty { return }
      } catch {
        return  // the store refused an impossible change: found as well
      }
    }
    Issue.record("300 seeds did not find \(bug)")
  }
}

// `footplate demo`: everything that its trouble is there to show, and a crash in the middle of it.

import Foundation
import Testing

@Suite("The demo", .turn) struct DemoTests {
  private static let cap = 600_000_000_000

  private func demo(_ batch: BatchFolder) throws -> Child {
    try batch.start(["demo", "--headless", "--pace", "8"])
  }

  private func replies(_ batch: BatchFolder) -> [String: String] {
    Dictionary(
      Files.tree("\(batch.path)/replies").map { ($0, batch.text("replies/\($0)")) },
      uniquingKeysWith: { $1 })
  }

  private func providerLog(_ batch: BatchFolder) async throws -> ProviderLog {
    let address = try #require(
      batch.text("footplate.yaml").firstMatch(of: #/base_url: "(.*)"/#)?.output.1)
    return try await ProviderLog.read(at: String(address))
  }

  @Test("accounts for every item, and its ledger tells of each trouble and how it ended")
  func whole() async throws {
    let batch = try BatchFolder()
    let ended = try await demo(batch).wait(seconds: 200)
    #expect(ended.status == 1, "\(ended)")
    let items = try await batch.status().items
    #expect(items.done == 397)
    #expect(items.failed == 3)
    let ledger = try await batch.footplate("ledger", "--json").output
    let told = Set(ledger.matches(of: #/"to":"([a-z-]+)"/#).map { String($0.output.1) })
    #expect(
      told.isSuperset(of: [
        "breaker-open", "breaker-half-open", "breaker-closed", "rate-limited", "freed",
      ]))
    let groups: [GroupRecord] = try await batch.footplate("failures", "--json").document()
    #expect(
      Set(groups.map { $0.signature.prefix { $0 != ":" } }) == ["loop", "refusal", "budget"])
    #expect(try await batch.footplate("show", "ticket-162", "--json").output.contains("small"))
    let cost: CostRecord = try await batch.footplate("cost", "--json").document()
    #expect(cost.together <= Self.cap)
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
    #expect(try await batch.footplate("verify").status == 0)
    let delivered = try await providerLog(batch).eventsDistinct
    #expect(delivered > 1000)
    #expect(ended.output.contains("events: \(delivered) delivered to the sink, 0 lost"), "\(ended)")
    // Again: there is nothing left to do, and nothing is asked.
    let before = try await providerLog(batch).requests
    #expect(try await demo(batch).wait(seconds: 60).status == 1)
    #expect(try await providerLog(batch).requests == before)
  }

  @Test("killed twice, pays for nothing finished again and ends with the same replies")
  func killed() async throws {
    let (whole, batch) = (try BatchFolder(), try BatchFolder())
    _ = try await demo(whole).wait(seconds: 200)
    for count in [60, 230] {
      let engine = try demo(batch)
      try await eventually("\(count) replies are there", within: 120) {
        Files.tree("\(batch.path)/replies").count >= count || engine.hasEnded
      }
      engine.send(SIGKILL)
      _ = try await engine.wait()
    }
    let ended = try await demo(batch).wait(seconds: 200)
    #expect(ended.status == 1, "\(ended)")
    let (status, log) = (try await batch.status(), try await providerLog(batch))
    #expect(status.items.done == 397)
    #expect(log.keysBilledTwice <= status.unknownAttempts)
    #expect(replies(batch) == replies(whole))
    let cost: CostRecord = try await batch.footplate("cost", "--json").document()
    #expect(cost.together <= Self.cap)
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
    let examined = try await batch.footplate("doctor")
    #expect(examined.status == 0, "\(examined)")
  }
}

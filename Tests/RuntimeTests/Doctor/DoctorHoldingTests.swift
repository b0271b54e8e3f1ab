// What fixes do to money, items and events: not only that a finding goes.

import BatchModel
import BatchStore
import Foundation
import Resilience
import Runtime
import Testing

@Suite(.serialized) struct DoctorHoldingTests {
  private static let reservation = Reservation(
    provider: "openai", model: "gpt", worstCase: Money(picodollars: 250_000_000_000))

  @Test("A reservation of a dead engine is charged, its attempt closed and its item queued again")
  func reservation() async throws {
    let batch = try TestBatch()
    try await batch.run { $0.limit = 1 }
    try batch.abandon(reserving: Self.reservation, then: .paused)
    let run = try batch.newest().run
    let store = try batch.client().store
    #expect(try store.reserved(of: run) == Self.reservation.worstCase)
    let findings = batch.doctor().examine()
    #expect(findings.map(\.code) == [.openReservation, .staleLease])
    #expect(findings.first?.preview == ["attempt 2 of item 2, engine 2, $0.2500 at openai"])
    let fixes = try batch.doctor().fix(nil)
    #expect(fixes.map(\.code) == [.openReservation, .orphanedStaging])
    #expect(try store.reserved(of: run) == .zero)
    #expect(try store.spent(of: run, at: .wallClock).run == Self.reservation.worstCase)
    #expect(try store.unendedAttempts(of: run) == [])
    #expect(try batch.newest().state == .paused)
    #expect(try batch.newest().counts.running == 0)
    #expect(batch.codes() == [])
    for code in ["ORPHANED_STAGING", "OPEN_RESERVATION"] {
      #expect(try batch.doctor().undo().code == code)
    }
    #expect(try batch.client().store.reserved(of: run) == Self.reservation.worstCase)
  }

  @Test("While an engine lives, what it holds is its own")
  func live() async throws {
    let batch = try TestBatch()
    try await batch.run { $0.limit = 1 }
    try batch.abandon(reserving: Self.reservation, then: .paused)
    let workspace = try OpenWorkspace(batch.layout)
    #expect(batch.codes() == [])
    try workspace.close()
  }

  private static let withSink =
    TestBatch.plain + "\nevents: {sink: \"http://127.0.0.1:9/events\", spool: 1MB}\n"

  @Test("Events are given up from the least important on, counted, and brought back by undo")
  func oversized() async throws {
    let batch = try TestBatch(Self.withSink)
    try await batch.run()
    let run = try batch.newest().run
    let high = try batch.client().store.outboxEntries(after: 0, limit: 1000)
      .filter { $0.rank == .high }
    let long = Noted(run: run, code: "test", message: String(repeating: "x", count: 200_000))
    try batch.withStore { store in
      for _ in 0..<6 { try store.apply([.noted(long)], of: run, at: .wallClock) }
    }
    let before = try #require(try batch.client().store.outboxCursors().first)
    _ = try batch.doctor().fix(.outboxOversized)
    let store = try batch.client().store
    let after = try #require(try store.outboxCursors().first)
    #expect(after.lost > before.lost)
    // What matters waits still.
    #expect(high.allSatisfy { after.isPending($0) || !before.isPending($0) })
    _ = try batch.doctor().undo()
    #expect(try batch.client().store.outboxCursors().first == before)
  }

  @Test("Refused events are offered again from the first of them on")
  func refused() async throws {
    let batch = try TestBatch(Self.withSink)
    try await batch.run()
    var cursor = try #require(try batch.client().store.outboxCursors().first)
    let first = cursor.position + 1
    cursor.position += 4
    cursor.failed = 2
    let refusals = [first, first + 2].map {
      OutboxRefusal(sequence: $0, at: .wallClock, status: 400, reason: "no")
    }
    try batch.withStore { [cursor] in try $0.saveOutbox(cursor, refused: refusals) }
    let finding = try #require(batch.doctor().examine().first)
    #expect(finding.code == .outboxStuck)
    #expect(finding.preview == ["event \(first + 2): 400 no", "event \(first): 400 no"])
    #expect(try batch.doctor().fix(nil).isEmpty)
    _ = try batch.doctor().fix(.outboxStuck)
    let store = try batch.client().store
    #expect(try store.outboxCursors().first?.position == first - 1)
    #expect(try store.outboxCursors().first?.failed == 0)
    #expect(try store.outboxRefusals(of: cursor.sink, limit: 9) == [])
  }

  @Test(
    "A rebuilt store knows how far the sink was, unless the old file cannot be read: then it says so"
  )
  func cursorsSurvive() async throws {
    let batch = try TestBatch(Self.withSink)
    try await batch.run()
    var cursor = try #require(try batch.client().store.outboxCursors().first)
    cursor.position += 5
    cursor.delivered = 5
    try batch.withStore { [cursor] in try $0.saveOutbox(cursor, refused: []) }
    try batch.sql("UPDATE items SET tries = tries + 1")
    #expect(batch.codes() == [.batchProgressCorrupt])
    _ = try batch.doctor().fix(nil)
    #expect(try batch.client().store.outboxCursors().first == cursor)
    try Destruction.halved.apply(to: batch)
    let fixes = try batch.doctor().fix(nil)
    #expect(
      fixes.flatMap(\.done).contains { $0.hasPrefix("how far the sink of events was is lost") })
    #expect(try batch.client().store.receipts(itemKey: nil, limit: 9).count == 3)
  }
}

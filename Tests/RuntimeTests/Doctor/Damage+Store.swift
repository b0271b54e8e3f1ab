// Damages of the store, of its ledger, and of what dead engines hold in it.

import BatchModel
import BatchStore
import Foundation
import Resilience
import Runtime

extension Damage {
  static let ofStore: [Damage] = [
    Damage(
      code: .schemaNewer, severity: .error, mending: .byHand, sentence: "made by a newer Footplate",
      remedy: "update Footplate",
      make: { batch in
        try batch.sql("PRAGMA user_version = 99")
        return View()
      },
      byHand: { batch in
        try batch.sql("PRAGMA user_version = \(StoreVersion.ours)")
        return View()
      }),
    Damage(
      code: .batchProgressCorrupt, severity: .error, mending: .safe, sentence: "it is gone",
      remedy: "rebuilds the store from the ledger",
      make: { batch in
        for suffix in ["", "-wal", "-shm"] { unlink(batch.layout.database + suffix) }
        return View()
      }),
    Damage(
      code: .ledgerCorruptLine, severity: .error, mending: .safe, sentence: "of its ledger",
      remedy: "writes the ledgers again from the store",
      make: { batch in
        let mirror = URL(fileURLWithPath: try batch.mirror())
        var lines = try String(contentsOf: mirror, encoding: .utf8).split(separator: "\n")
        lines.remove(at: lines.count / 2)
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: mirror)
        return View()
      }),
    Damage(
      code: .ledgerBehind, severity: .warning, mending: .safe, sentence: "bytes of a line",
      remedy: "appends the events that the store has",
      make: { batch in
        let size = FileManager.default.contents(atPath: try batch.mirror())?.count ?? 0
        truncate(try batch.mirror(), off_t(size - 100))
        return View()
      }),
    Damage(
      code: .countsDrift, severity: .error, mending: .safe, sentence: "kept counts are not",
      remedy: "counts the items again",
      make: { batch in
        try batch.sql("UPDATE counts SET count = count + 5 WHERE count > 0")
        return View()
      }),
    Damage(
      code: .walOversized, severity: .notice, mending: .safe, sentence: "it has 129 MB",
      remedy: "writes it into the store's file",
      make: { batch in
        let log = open(batch.layout.database + "-wal", O_WRONLY | O_CREAT, 0o600)
        ftruncate(log, 129 << 20)
        close(log)
        return View()
      }),
    Damage(
      code: .breakerForced, severity: .warning, mending: .deliberate, sentence: "is held open",
      remedy: "footplate breaker openai close",
      make: { batch in
        var breaker = CircuitBreaker()
        breaker.isolate()
        let state = ProviderState(breaker: breaker)
        let moved = ProviderMoved(
          provider: "openai", to: "breaker-isolated", why: "isolate by ann", state: state)
        let run = try batch.newest().run
        try batch.withStore { try $0.apply([.providerMoved(moved)], of: run, at: .wallClock) }
        return View()
      }),
  ]

  private static let reservation = Reservation(
    provider: "openai", model: "gpt", worstCase: Money(picodollars: 250_000_000_000))

  static let ofHolding: [Damage] = [
    Damage(
      code: .openReservation, severity: .warning, mending: .safe,
      sentence: "still hold reservations: 1, $0.2500 of the cap",
      remedy: "charges in full what may have been billed", limit: 1,
      make: { batch in
        try batch.abandon(reserving: reservation)
        return View()
      }),
    Damage(
      code: .staleLease, severity: .warning, mending: .safe,
      sentence: "it is paused, and attempts of an engine that is gone still hold items: 1",
      remedy: "gives the items back; the run stays paused", limit: 1,
      make: { batch in
        try batch.abandon(then: .paused)
        return View()
      }),
    Damage(
      code: .staleBatchProgress, severity: .warning, mending: .safe,
      sentence: "its engine is gone, attempts under way: 1", remedy: "releases the run", limit: 1,
      make: { batch in
        try batch.abandon()
        return View()
      }),
    Damage(
      code: .staleBatchProgress, severity: .notice, mending: .byHand,
      sentence: "last heard of 25 hours ago", remedy: "footplate run goes on with it", limit: 1,
      make: { _ in View(host: .later(hours: 25)) },
      byHand: { batch in
        try await batch.run()
        return View(host: .later(hours: 25))
      }),
  ]
}

/// The schema that a store has which was made here.
enum StoreVersion {
  static let ours: Int = {
    guard let batch = try? TestBatch(), (try? batch.withStore { _ in }) != nil,
      let bytes = FileManager.default.contents(atPath: batch.layout.database), bytes.count > 64
    else { return 0 }
    return bytes[60..<64].reduce(0) { $0 << 8 | Int($1) }
  }()
}

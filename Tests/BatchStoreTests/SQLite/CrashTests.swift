// A process that dies at any moment: what it acknowledged is there, and the rest goes on from it.

import BatchModel
import BatchStore
import Foundation
import Resilience
import Testing

@Suite("A store after a crash")
struct CrashTests {
  /// What a process would find that starts now: every file as it stands, the writer still open.
  private func copy(_ folder: StoreFolder) throws -> StoreFolder {
    let copy = try StoreFolder(objects: folder.objects)
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: folder.database + suffix, toPath: copy.database + suffix)
    }
    if FileManager.default.fileExists(atPath: folder.runs) {
      try FileManager.default.copyItem(atPath: folder.runs, toPath: copy.runs)
    }
    return copy
  }

  @Test("Everything acknowledged is there at every moment", arguments: 0..<6)
  func acknowledged(seed: UInt64) throws {
    let folder = try StoreFolder()
    let store = try folder.open()
    var run = try RandomRun(store, seed: seed, items: 12)
    for step in 0..<40 {
      try run.step()
      if step == 20 { try store.checkpoint() }
      let later = try copy(folder)
      let reopened = try later.open()
      let entries = try store.entries(of: nil, after: 0, limit: 10_000)
      #expect(try reopened.entries(of: nil, after: 0, limit: 10_000) == entries)
      let query = ItemQuery(order: .source, limit: 1_000)
      #expect(
        try reopened.page(query, of: run.driver.run).rows
          == store.page(query, of: run.driver.run).rows)
      try reopened.close()
      #expect(try later.verify().problems == [])
    }
    try store.close()
  }

  @Test("A log that ends in the middle of a transaction loses that transaction alone")
  func tornLog() throws {
    let folder = try StoreFolder()
    let store = try folder.open(mirrored: false)
    let driver = try Driver(store)
    try driver.source("a", "b")
    let item = try driver.claim(1).items[0].id
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.database + "-wal")).count
    try driver.finish(item)
    let torn = try copy(folder)
    let log = URL(fileURLWithPath: torn.database + "-wal")
    try Data(contentsOf: log).prefix(before + 4_096 + 100).write(to: log)
    let reopened = try torn.open(mirrored: false)
    #expect(try reopened.summary(of: driver.run)?.counts == ItemCounts(queued: 2))
    #expect(try reopened.nextAttempt() == AttemptID(1))
    #expect(
      try reopened.claim(2, scope: .all, blocked: [], of: driver.run, at: driver.now).items.count
        == 2)
    try reopened.close()
    try store.close()
  }

  @Test("A dead engine's attempts are found, and its window is free again")
  func deadEngine() throws {
    let folder = try StoreFolder()
    let store = try folder.open()
    let driver = try Driver(store)
    try driver.source("a", "b", "c")
    let items = try driver.claim(2).items.map(\.id)
    try driver.apply(
      driver.started(items[0], AttemptID(1)), driver.launched(items[0], AttemptID(1)))
    try driver.apply(driver.started(items[1], AttemptID(2)))
    let reopened = try copy(folder).open()
    let open = try reopened.openAttempts(of: driver.run)
    #expect(
      open == [
        OpenAttempt(
          attempt: AttemptID(1), item: items[0], step: 0, tries: 0, epoch: Epoch(1), pid: 4711,
          hasResult: false),
        OpenAttempt(
          attempt: AttemptID(2), item: items[1], step: 0, tries: 0, epoch: Epoch(1), pid: nil,
          hasResult: false),
      ])
    #expect(try reopened.nextAttempt() == AttemptID(3))
    // The one whose process ran stands where it was until the engine has settled it.
    let claim = try reopened.claim(9, scope: .all, blocked: [], of: driver.run, at: driver.now)
    #expect(claim.items.map(\.key) == ["b", "c"])
    try reopened.close()
    try store.close()
  }

  @Test("A request that a crash cut between its chunks goes on with the rest")
  func cutRequest() throws {
    let driver = try Driver(StoreForm.memory.make())
    try driver.source((0..<10_500).map { Driver.item("k\($0)") })
    var ids = try driver.rows(ItemQuery(order: .source, limit: 20_000)).map(\.id)
    let request = driver.request("r1")
    // An item that does not exist stops the second chunk the way a crash would.
    ids.append(ItemID(99_999))
    #expect(throws: StoreError.self) {
      _ = try driver.store.move(
        .ids(ids), .cancel(reason: "no"), of: driver.run, request: request, at: driver.now)
    }
    #expect(try driver.counts == ItemCounts(queued: 500, cancelled: 10_000))
    ids.removeLast()
    let moved = try driver.store.move(
      .ids(ids), .cancel(reason: "no"), of: driver.run, request: request, at: driver.now)
    #expect(moved.changed == 500)
    #expect(try driver.counts == ItemCounts(cancelled: 10_500))
  }

  @Test("A request that goes on leaves alone what failed again since it began")
  func failedAgain() throws {
    let driver = try Driver(StoreForm.memory.make())
    try driver.source((0..<10_001).map { Driver.item("k\($0)") })
    let ids = try driver.rows(ItemQuery(order: .source, limit: 20_000)).map(\.id)
    let failed = ids.map { id in
      Change.itemMoved(ItemMoved(item: id, to: .failed, step: 0, signature: Signature(text: "x")))
    }
    try driver.store.apply(failed, of: driver.run, at: driver.now)
    let request = driver.request("r1")
    let retry = ItemAction.retry(fromStep: nil, overrides: Overrides())
    #expect(throws: StoreError.self) {
      _ = try driver.store.move(
        .ids(ids + [ItemID(99_999)]), retry, of: driver.run, request: request, at: driver.now)
    }
    #expect(try driver.counts == ItemCounts(queued: 10_000, failed: 1))
    try driver.move(ids[0], to: .failed)
    let moved = try driver.store.move(
      .ids(ids), retry, of: driver.run, request: request, at: driver.now)
    #expect(moved.changed == 1)
    #expect(try driver.counts == ItemCounts(queued: 10_000, failed: 1))
  }
}

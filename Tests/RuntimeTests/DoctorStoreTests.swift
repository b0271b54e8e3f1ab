// The doctor on the store and its ledger: each damage is made, found, mended, lived with, undone.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience
import Runtime
import Testing

@Suite(.serialized) struct DoctorStoreTests {
  /// Overwrites pages in the middle of the store's file.
  private func damagePages(_ batch: TestBatch) throws {
    try batch.withStore { try $0.checkpoint() }
    let file = try #require(FileHandle(forUpdatingAtPath: batch.layout.database))
    try file.seek(toOffset: 4096 * 3)
    try file.write(contentsOf: Data(repeating: 0xEE, count: 4096 * 12))
    try file.close()
  }

  @Test("After a run nothing is wrong")
  func clean() async throws {
    let batch = try TestBatch()
    try await batch.run()
    #expect(batch.doctor().examine() == [])
  }

  @Test("A damaged store is rebuilt from its ledger, and nothing finished runs again")
  func rebuilds() async throws {
    let batch = try TestBatch()
    try await batch.run()
    let before = try batch.newest()
    try damagePages(batch)
    let finding = try #require(batch.doctor().examine().first)
    #expect(finding.code == .batchProgressCorrupt)
    #expect(finding.mending == .safe)
    let fixes = try batch.doctor().fix(nil)
    #expect(fixes.map(\.code) == [.batchProgressCorrupt])
    #expect(batch.codes() == [])
    #expect(try batch.newest() == before)
    try batch.write("in/d.txt", "four")
    try await batch.run()
    #expect(batch.executions == 4)
    #expect(batch.text("out/d.txt") == "FOUR")
  }

  @Test("A store that is gone is rebuilt; one that a run made in its place beside it too")
  func rebuildsLost() async throws {
    let batch = try TestBatch()
    try await batch.run()
    for suffix in ["", "-wal", "-shm"] { unlink(batch.layout.database + suffix) }
    #expect(batch.codes() == [.batchProgressCorrupt])
    await #expect(throws: StoreError.self) { try await batch.run() }
    #expect(batch.codes() == [.batchProgressCorrupt])
    _ = try batch.doctor().fix(nil)
    #expect(batch.codes() == [])
    try await batch.run()
    #expect(batch.executions == 3)
  }

  @Test("A rebuild is taken back right after it, and refused once the run went on")
  func undoesRebuild() async throws {
    let batch = try TestBatch()
    try await batch.run()
    try damagePages(batch)
    let damaged = FileManager.default.contents(atPath: batch.layout.database)
    _ = try batch.doctor().fix(nil)
    _ = try batch.doctor().undo()
    #expect(FileManager.default.contents(atPath: batch.layout.database) == damaged)
    #expect(batch.codes() == [.batchProgressCorrupt])
    _ = try batch.doctor().fix(nil)
    try batch.write("in/d.txt", "four")
    try await batch.run()
    #expect(throws: UndoError.wentOn(code: "BATCH_PROGRESS_CORRUPT")) {
      try batch.doctor().undo()
    }
    #expect(try batch.newest().counts.done == 4)
  }

  @Test("A line that no ledger has is written again from the store")
  func mendsLine() async throws {
    let batch = try TestBatch()
    try await batch.run()
    let mirror = try batch.mirror()
    let whole = try #require(FileManager.default.contents(atPath: mirror))
    var damaged = whole
    damaged[damaged.count / 2] ^= 1
    try damaged.write(to: URL(fileURLWithPath: mirror))
    #expect(batch.codes() == [.ledgerCorruptLine])
    _ = try batch.doctor().fix(nil)
    #expect(batch.codes() == [])
    #expect(FileManager.default.contents(atPath: mirror) == whole)
    _ = try batch.doctor().undo()
    #expect(FileManager.default.contents(atPath: mirror) == damaged)
    #expect(batch.codes() == [.ledgerCorruptLine])
    _ = try batch.doctor().fix(nil)
    try await batch.run()
    #expect(try batch.ledgerProblems() == [])
  }

  @Test("A ledger that ends within a line gets what the store has")
  func mendsBehind() async throws {
    let batch = try TestBatch()
    try await batch.run()
    let mirror = try batch.mirror()
    let whole = try #require(FileManager.default.contents(atPath: mirror))
    truncate(mirror, off_t(whole.count - 100))
    #expect(batch.codes() == [.ledgerBehind])
    _ = try batch.doctor().fix(.ledgerBehind)
    #expect(FileManager.default.contents(atPath: mirror) == whole)
    _ = try batch.doctor().undo()
    #expect(FileManager.default.contents(atPath: mirror)?.count == whole.count - 100)
    try await batch.run()
    #expect(try batch.ledgerProblems() == [])
  }

  @Test("Counts that drifted are counted again")
  func recounts() async throws {
    let batch = try TestBatch()
    try await batch.run()
    try batch.sql("UPDATE counts SET count = count + 5 WHERE count > 0")
    #expect(batch.codes() == [.countsDrift])
    #expect(try batch.newest().counts.done == 8)
    _ = try batch.doctor().fix(nil)
    #expect(batch.codes() == [])
    #expect(try batch.newest().counts == ItemCounts(done: 3))
    _ = try batch.doctor().undo()
    #expect(try batch.newest().counts.done == 8)
    _ = try batch.doctor().fix(nil)
    try batch.write("in/d.txt", "four")
    try await batch.run()
    #expect(try batch.newest().counts.total == 4)
  }

  @Test("A run whose engine was killed is released, and goes on")
  func releases() async throws {
    let batch = try TestBatch()
    try await batch.run { $0.limit = 1 }
    try batch.abandon()
    let finding = try #require(batch.doctor().examine().first)
    #expect(finding.code == .staleBatchProgress)
    #expect(finding.sentence == "its engine is gone, attempts under way: 1")
    _ = try batch.doctor().fix(nil)
    let released = try batch.newest()
    #expect(released.state == .stopped)
    #expect(released.counts.running == 0)
    #expect(batch.codes() == [])
    try await batch.run()
    #expect(try batch.newest().counts == ItemCounts(done: 3))
    #expect(try batch.ledgerProblems() == [])
  }

  @Test("A release is taken back")
  func undoesRelease() async throws {
    let batch = try TestBatch()
    try await batch.run { $0.limit = 1 }
    try batch.abandon()
    let before = try batch.newest()
    _ = try batch.doctor().fix(.staleBatchProgress)
    _ = try batch.doctor().undo()
    #expect(try batch.newest() == before)
    #expect(try batch.ledgerProblems() == [])
    #expect(batch.codes() == [.staleBatchProgress])
  }

  @Test("Progress that rests for a day is told of, and kept")
  func old() async throws {
    let batch = try TestBatch()
    try await batch.run { $0.limit = 1 }
    #expect(batch.codes(.later(hours: 23)) == [])
    let findings = batch.doctor(.later(hours: 25)).examine()
    #expect(findings.map(\.code) == [.staleBatchProgress])
    #expect(findings.first?.severity == .notice)
    #expect(try batch.doctor(.later(hours: 25)).fix(nil).isEmpty)
    try await batch.run()
    #expect(batch.executions == 3)
  }

  @Test("A log of the store that grew past its bound is written into the file")
  func checkpoints() async throws {
    let batch = try TestBatch()
    try await batch.run()
    let log = batch.layout.database + "-wal"
    let file = open(log, O_WRONLY | O_CREAT, 0o600)
    ftruncate(file, 129 << 20)
    close(file)
    #expect(batch.codes() == [.walOversized])
    _ = try batch.doctor().fix(nil)
    #expect(batch.codes() == [])
    #expect(try batch.newest().counts.done == 3)
    _ = try batch.doctor().undo()
    #expect(batch.codes() == [.walOversized])
  }

  @Test("A store of a newer Footplate is refused and left as it is")
  func newer() async throws {
    let batch = try TestBatch()
    try await batch.run()
    try batch.sql("PRAGMA user_version = 99")
    try batch.write("in/d.txt", "four")
    try batch.remove("out/a.txt")
    let before = FileManager.default.contents(atPath: batch.layout.database)
    #expect(batch.codes() == [.schemaNewer])
    #expect(throws: StoreError.self) { try batch.doctor().fix(nil) }
    await #expect(throws: StoreError.self) { try await batch.run() }
    #expect(FileManager.default.contents(atPath: batch.layout.database) == before)
  }

  @Test("Nothing is mended while an engine holds the workspace")
  func held() async throws {
    let batch = try TestBatch()
    try await batch.run { $0.limit = 1 }
    try batch.abandon()
    let lock = try EngineLock.acquire(at: batch.layout.lock, timeout: .seconds(5))
    #expect(!batch.codes().contains(.staleBatchProgress))
    #expect(throws: OpenError.self) { try batch.doctor().fix(nil) }
    withExtendedLifetime(lock) {}
  }
}

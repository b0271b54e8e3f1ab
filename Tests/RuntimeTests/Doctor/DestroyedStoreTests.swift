// A store that is destroyed in any way comes back from its ledger with every receipt.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import GRDB
import Resilience
import Runtime
import Testing

/// A way to destroy a store.
enum Destruction: Sendable, CaseIterable {
  case deleted, emptied, oneByte, header, onePage, halved, withoutItsLastByte, textFile
  case foreignDatabase, foreignApplication, folder, logDeleted, logOverwritten, logOfAnother

  func apply(to batch: TestBatch) throws {
    let path = batch.layout.database
    switch self {
    case .deleted: for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    case .emptied: truncate(path, 0)
    case .oneByte: truncate(path, 1)
    case .header: truncate(path, 100)
    case .onePage: truncate(path, 4096)
    case .halved: truncate(path, off_t(try size(path) / 2))
    case .withoutItsLastByte: truncate(path, off_t(try size(path) - 1))
    case .textFile:
      try Data("somebody's notes\n".utf8).write(to: URL(fileURLWithPath: path))
      chmod(path, 0o600)
    case .foreignDatabase: try replace(path, "CREATE TABLE addresses(name, street)")
    case .foreignApplication:
      try replace(path, "CREATE TABLE a(b); PRAGMA application_id = 7; PRAGMA user_version = 3")
    case .folder:
      unlink(path)
      try FileManager.default.createDirectory(
        atPath: path + "/with", withIntermediateDirectories: true)
      chmod(path, 0o700)
    case .logDeleted: try keepLog(of: batch) { unlink($0) }
    case .logOverwritten:
      try keepLog(of: batch) { log in
        let noise = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(noise).write(to: URL(fileURLWithPath: log))
      }
    case .logOfAnother:
      let other = try TestBatch()
      try other.withStore { _ in }
      try keepLog(of: batch) { log in
        let queue = try DatabaseQueue(path: other.layout.database)
        try queue.write { try $0.execute(sql: "DELETE FROM counts; CREATE TABLE x(y)") }
        try FileManager.default.removeItem(atPath: log)
        try FileManager.default.copyItem(atPath: other.layout.database + "-wal", toPath: log)
        try queue.close()
      }
    }
  }

  private func size(_ path: String) throws -> Int {
    try #require(FileManager.default.contents(atPath: path)).count
  }

  private func replace(_ path: String, _ sql: String) throws {
    unlink(path)
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
    chmod(path, 0o600)
  }

  /// Leaves the store as a killed engine does, with its newest transactions only in the log.
  private func keepLog(of batch: TestBatch, _ body: (String) throws -> Void) throws {
    let path = batch.layout.database
    let run = try batch.newest().run
    try batch.withStore { store in
      for number in 1...3 {
        let note = Noted(run: run, code: "test", message: "\(number)")
        try store.apply([.noted(note)], of: run, at: .wallClock)
      }
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: path + suffix, toPath: path + suffix + ".kept")
      }
    }
    for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    for suffix in ["", "-wal"] { rename(path + suffix + ".kept", path + suffix) }
    try body(path + "-wal")
  }
}

@Suite(.serialized) struct DestroyedStoreTests {
  private func receipts(_ batch: TestBatch) throws -> [Receipt] {
    var receipts: [Receipt] = []
    try batch.client().store.forEachReceipt { receipts.append($0) }
    return receipts
  }

  @Test(
    "Every destruction is found, mended with every receipt, and run on from",
    arguments: Destruction.allCases)
  func comesBack(_ destruction: Destruction) async throws {
    let batch = try TestBatch()
    try await batch.run()
    let before = try receipts(batch)
    #expect(before.count == 3)
    try destruction.apply(to: batch)
    let finding = try #require(batch.doctor().examine().first)
    #expect(finding.code == .batchProgressCorrupt && finding.mending == .safe, "\(finding)")
    let fixes = try batch.doctor().fix(nil)
    #expect(fixes.map(\.code) == [.batchProgressCorrupt], "\(fixes)")
    #expect(fixes.first?.done.contains { $0.contains("not brought back") } == false)
    #expect(batch.codes() == [])
    #expect(try receipts(batch) == before)
    _ = try batch.doctor().undo()
    #expect(batch.doctor().examine().first == finding)
    _ = try batch.doctor().fix(nil)
    try batch.write("in/d.txt", "four")
    try await batch.run()
    #expect(batch.executions == 4)
    #expect(try batch.ledgerProblems() == [])
  }

  @Test("Without a ledger the doctor says that every receipt is lost, and touches nothing")
  func hopeless() async throws {
    let batch = try TestBatch()
    try await batch.run()
    try FileManager.default.removeItem(atPath: batch.layout.runs)
    try Destruction.textFile.apply(to: batch)
    let finding = try #require(batch.doctor().examine().first)
    #expect(finding.sentence.contains("every receipt is lost") && finding.mending == .byHand)
    #expect(try batch.doctor().fix(nil).isEmpty)
    #expect(batch.text(".footplate/footplate.db") == "somebody's notes\n")
  }

  /// Destroys the store, and changes its ledger too.
  private func doublyDamaged(
    _ change: (inout [String]) throws -> Void
  ) async throws -> (batch: TestBatch, fixes: [FixResult]) {
    let batch = try TestBatch()
    try await batch.run()
    let mirror = URL(fileURLWithPath: try batch.mirror())
    var lines = try String(contentsOf: mirror, encoding: .utf8).split(separator: "\n")
      .map { "\($0)\n" }
    try change(&lines)
    try Data(lines.joined().utf8).write(to: mirror)
    try Destruction.deleted.apply(to: batch)
    return (batch, try batch.doctor().fix(nil))
  }

  @Test("With a torn ledger as well, the torn line alone is lost")
  func torn() async throws {
    let (batch, fixes) = try await doublyDamaged { lines in
      lines[lines.count - 1] = String(lines[lines.count - 1].dropLast(20))
    }
    let told = fixes.flatMap(\.done).filter { $0.hasPrefix("not brought back: ") }
    #expect(told.count == 1 && told.first?.contains("bytes of a line") == true, "\(told)")
    #expect(try receipts(batch).count == 3)
    try await batch.run()
    #expect(batch.executions == 3)
    #expect(batch.codes() == [])
  }

  @Test("With a flipped bit in the ledger as well, nothing is lost")
  func flippedLine() async throws {
    let (batch, fixes) = try await doublyDamaged { lines in
      let place = try #require(lines.firstIndex { $0.contains("step.done") })
      lines[place] = lines[place].replacing("out/", with: "oub/", maxReplacements: 1)
        .replacing("oub/", with: "ouu/", maxReplacements: 1)
    }
    #expect(fixes.map(\.code) == [.batchProgressCorrupt, .ledgerCorruptLine])
    #expect(!fixes.flatMap(\.done).contains { $0.hasPrefix("not brought back: ") })
    #expect(
      try receipts(batch).map(\.artifacts).flatMap { $0.map(\.path) }.sorted() == [
        "out/a.txt", "out/b.txt", "out/c.txt",
      ])
    #expect(batch.codes() == [])
    try await batch.run()
    #expect(batch.executions == 3)
  }

  @Test("With a line of the ledger gone as well, the receipt that is lost is named, and runs again")
  func lostLine() async throws {
    let (batch, fixes) = try await doublyDamaged { lines in
      let place = try #require(lines.firstIndex { $0.contains("attempt.started") })
      lines[place] = "nothing of it is left\n"
    }
    let told = fixes.flatMap(\.done).filter { $0.hasPrefix("not brought back: ") }
    #expect(told.contains { $0.contains("of its ledger is damaged") }, "\(told)")
    #expect(told.filter { $0.contains("the receipt of step 1 is lost") }.count == 1, "\(told)")
    #expect(told.contains { $0.contains("stays where it is") })
    #expect(try receipts(batch).count == 2)
    #expect(batch.codes() == [])
    try await batch.run()
    #expect(batch.executions == 4)
    #expect(try batch.newest().counts == ItemCounts(done: 3))
  }

  @Test("With the ledger's first line gone as well, the definition at hand brings the run back")
  func lostBeginning() async throws {
    let (batch, fixes) = try await doublyDamaged { $0[0] = "nothing of it is left\n" }
    #expect(try receipts(batch).count == 3)
    #expect(fixes.flatMap(\.done).contains { $0.contains("line 1 of its ledger is damaged") })
    #expect(batch.codes() == [])
    try await batch.run()
    #expect(batch.executions == 3)
  }

  @Test("A ledger of which nothing can be read is set aside, and comes back by undo")
  func hopelessLedger() async throws {
    let (batch, fixes) = try await doublyDamaged { lines in
      for place in lines.indices { lines[place] = "x\n" }
    }
    let told = fixes.flatMap(\.done)
    #expect(told.contains { $0.contains("with 0 receipts") }, "\(told)")
    #expect(told.contains { $0.contains("line 3 of its ledger is damaged") })
    #expect(batch.codes() == [])
    _ = try batch.doctor().undo()
    #expect(batch.codes() == [.batchProgressCorrupt])
    _ = try batch.doctor().fix(nil)
    try await batch.run()
    #expect(try batch.newest().counts.done == 3)
  }
}

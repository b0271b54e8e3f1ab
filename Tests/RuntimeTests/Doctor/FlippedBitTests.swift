// A flipped bit in each of 500 pages: it is found, or it changed nothing that anybody reads.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import GRDB
import Resilience
import Runtime
import Testing

@Suite(.serialized) struct FlippedBitTests {
  private static let pages = 500
  private static let pageSize = 512

  /// A finished batch whose store has at least so many pages, which are small.
  private func worked() async throws -> TestBatch {
    let files = (0..<90).map { ("in/item-\($0).txt", "text \($0)") }
    let batch = try TestBatch(files: Dictionary(uniqueKeysWithValues: files))
    try await batch.run()
    try repage(batch.layout.database)
    return batch
  }

  private func repage(_ path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { database in
      try database.execute(
        sql: "PRAGMA journal_mode = DELETE; PRAGMA page_size = \(Self.pageSize); VACUUM")
      try database.execute(sql: "PRAGMA journal_mode = WAL")
    }
    try queue.close()
  }

  private struct Flip: CustomStringConvertible {
    var page: Int
    var byte: Int
    var bit: UInt8
    var description: String { "page \(page), byte \(byte), bit \(bit)" }
    func applied(to bytes: Data) -> Data {
      var flipped = bytes
      flipped[(page - 1) * FlippedBitTests.pageSize + byte] ^= 1 << bit
      return flipped
    }
  }

  private func flips(_ bytes: Data) -> [Flip] {
    var random = SplitMix64(seed: 500)
    let count = bytes.count / Self.pageSize
    return (0..<Self.pages).map { number in
      Flip(
        page: number * count / Self.pages + 1,
        byte: Int.random(in: 0..<Self.pageSize, using: &random),
        bit: UInt8.random(in: 0..<8, using: &random))
    }
  }

  /// Every row of every table, as text.
  private func dump(_ path: String) throws -> [String] {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    return try queue.read { database in
      try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
      ).flatMap { table in
        try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }
      }
    }
  }

  /// What the doctor's looks at the store say, the ledger's replay done once for all; `nil` when they
  /// find nothing.
  private func problem(
    _ path: String, _ batch: TestBatch, _ reference: LedgerReference
  ) -> String? {
    do {
      let reader = try SQLiteReader(path: path)
      if let problem = try reader.structuralProblem() { return problem }
      if let problem = try reference.problems(of: reader).first { return "\(problem)" }
      return try RememberedDigests(root: batch.root, store: reader).misleading()
    } catch {
      return "\(error)"
    }
  }

  @Test("A flipped bit in each of 500 pages is found, or changes nothing")
  func each() async throws {
    let batch = try await worked()
    let whole = try #require(FileManager.default.contents(atPath: batch.layout.database))
    #expect(whole.count / Self.pageSize >= Self.pages)
    let reference = try LedgerReference(
      mirrorFolder: batch.layout.runs, objects: ObjectStore(readingAt: batch.layout.objects),
      temporaryFolder: batch.layout.state)
    let before = try dump(batch.layout.database)
    #expect(problem(batch.layout.database, batch, reference) == nil)
    let scratch = try TestBatch(files: [:])
    let path = scratch.path("flipped.db")
    var found = 0
    for flip in flips(whole) {
      for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
      try flip.applied(to: whole).write(to: URL(fileURLWithPath: path))
      guard problem(path, batch, reference) == nil else {
        found += 1
        continue
      }
      let changed = zip(before, try dump(path)).first { $0 != $1 }
      if let row = changed?.0, Self.harmless.contains(where: row.hasPrefix) { continue }
      #expect(changed == nil, "\(flip)")
    }
    #expect(found > Self.pages / 2, "\(found)")
  }

  /// What a change of costs a look, and nothing that is finished.
  ///
  /// Digests of files are a cache: where its stamps are not the files' own, the files are read again.
  /// An item that is noted for a file which it does not use costs a comparison; a note that is gone
  /// is found.
  private static let harmless = ["file_digests ", "item_files ", "listings "]

  @Test("After a fix of a flipped bit every receipt is back")
  func mended() async throws {
    let batch = try await worked()
    let receipts = try receipts(of: batch)
    let path = batch.layout.database
    let whole = try #require(FileManager.default.contents(atPath: path))
    var random = SplitMix64(seed: 12)
    for flip in flips(whole).shuffled(using: &random).prefix(12) {
      for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
      try flip.applied(to: whole).write(to: URL(fileURLWithPath: path))
      chmod(path, 0o600)
      _ = try batch.doctor().fix(nil)
      #expect(batch.codes() == [], "\(flip)")
      #expect(try self.receipts(of: batch) == receipts, "\(flip)")
    }
    try await batch.run()
    #expect(batch.executions == receipts.count)
  }

  private func receipts(of batch: TestBatch) throws -> [Receipt] {
    var receipts: [Receipt] = []
    try batch.client().store.forEachReceipt { receipts.append($0) }
    return receipts
  }

  @Test("A digest that is remembered wrongly is found, and nothing that is done runs again")
  func misremembered() async throws {
    let batch = try TestBatch()
    try await batch.run()
    let stamp = try #require(try FileDigests(root: batch.root).stamp(of: "in/b.txt"))
    let wrong = FileDigest(path: "in/b.txt", stamp: stamp, digest: Digest(of: "another text"))
    try batch.withStore { try $0.remember([wrong]) }
    let finding = try #require(batch.doctor().examine().first)
    #expect(finding.code == .batchProgressCorrupt)
    #expect(finding.sentence.contains("what it remembers of in/b.txt"))
    _ = try batch.doctor().fix(nil)
    #expect(batch.codes() == [])
    try await batch.run()
    #expect(batch.executions == 3)
  }
}

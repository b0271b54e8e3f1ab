// The file of a store: whose it is, who may read it, and what happens when it is not sound.

import BatchModel
@testable import BatchStore
import Foundation
import GRDB
import Resilience
import Testing

@Suite("The store's file")
struct StoreFileTests {
  private func error(_ body: () throws -> Void) -> StoreError? {
    do {
      try body()
      return nil
    } catch {
      return error as? StoreError
    }
  }

  private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// Makes a store and lets `body` change its file with plain SQLite.
  private func changed(_ sql: String) throws -> StoreFolder {
    let folder = try StoreFolder()
    try folder.open().close()
    let queue = try DatabaseQueue(path: folder.database)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
    return folder
  }

  @Test("Only its owner may read it, and its log")
  func mode() throws {
    let folder = try StoreFolder()
    let store = try folder.open()
    _ = try Driver(store)
    for path in [folder.database, folder.database + "-wal", folder.runs + "/run-1/ledger.ndjson"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(path)")
    }
    try store.close()
  }

  @Test("A newer schema is refused and untouched, in the file and in its log")
  func newer() throws {
    let folder = try changed("PRAGMA user_version = 999")
    let before = try bytes(folder.database)
    let refused = StoreError.newerSchema(
      path: folder.database, found: 999, supported: Schema.version)
    #expect(error { _ = try folder.open() } == refused)
    #expect(error { _ = try SQLiteReader(path: folder.database) } == refused)
    #expect(try bytes(folder.database) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["footplate.db"])
  }

  @Test("A newer schema that is still in the log is refused too")
  func newerInLog() throws {
    let folder = try StoreFolder()
    let store = try folder.open()
    let queue = try DatabaseQueue(path: folder.database)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 999") }
    let copy = try StoreFolder()
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: folder.database + suffix, toPath: copy.database + suffix)
    }
    let before = try bytes(copy.database)
    let log = try bytes(copy.database + "-wal")
    #expect(
      error { _ = try copy.open() }
        == .newerSchema(path: copy.database, found: 999, supported: Schema.version))
    #expect(try bytes(copy.database) == before)
    #expect(try bytes(copy.database + "-wal") == log)
    try queue.close()
    try store.close()
  }

  @Test("What is no database is named as corrupt", arguments: ["garbage", "SQLite format 3\0"])
  func garbage(text: String) throws {
    let folder = try StoreFolder()
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.database))
    #expect(error { _ = try folder.open() }?.code == "STORE_CORRUPT")
    #expect(try bytes(folder.database) == Data(text.utf8))
  }

  @Test("Somebody else's database is left alone")
  func foreign() throws {
    let folder = try StoreFolder()
    let queue = try DatabaseQueue(path: folder.database)
    try queue.writeWithoutTransaction {
      try $0.execute(sql: "CREATE TABLE t(a); PRAGMA user_version = 1")
    }
    try queue.close()
    let before = try bytes(folder.database)
    #expect(error { _ = try folder.open() }?.code == "STORE_CORRUPT")
    #expect(try bytes(folder.database) == before)
  }

  @Test("A file of the fifth version keeps what hooks told, and says what a reader must wait for")
  func fifthVersion() throws {
    let folder = try StoreFolder()
    let now = Instant(milliseconds: 1_763_700_000_000)
    let told = ArtifactTracked(
      action: .created, path: "new.md", from: ["old.md"], source: "hook", nature: "text",
      toldAt: now)
    let queue = try DatabaseQueue(path: folder.database)
    try queue.writeWithoutTransaction { database in
      try database.execute(
        sql: "PRAGMA journal_mode = WAL; PRAGMA application_id = \(Schema.applicationID)")
      for migration in Schema.migrations.prefix(5) { try database.execute(sql: migration) }
      try database.execute(sql: "PRAGMA user_version = 5")
      try database.execute(
        sql: """
          INSERT INTO runs(id, name, batch, definition, steps, state, why, started, updated,
            first_sequence, last_sequence) VALUES(1, 'old', 'b', ?, '["step0"]', 0, '', 1, 1, 1, 1);
          INSERT INTO item_files(path, item) VALUES(7, 1);
          """, arguments: ["\(Digest(of: "definition"))"])
      try database.execute(
        sql: "INSERT INTO events(sequence, run, at, body) VALUES(1, 1, 1, ?)",
        arguments: [
          String(decoding: try JSONEncoder().encode(Change.artifactTracked(told)), as: UTF8.self)
        ])
      try database.execute(
        sql: """
          INSERT INTO tracked(sequence, run, path, action, source, content)
          VALUES(1, 1, 'new.md', 'created', 'hook', 'none ')
          """)
    }
    try queue.close()
    let reader = try SQLiteReader(path: folder.database)
    #expect(error { _ = try reader.makings(of: "x", limit: 1) }?.code == "SCHEMA_OLDER")
    let store = try folder.open(mirrored: false)
    #expect(try store.tellings(from: "old.md", limit: 9).map(\.artifact) == [told])
    // What an older one noted of files may have been either.
    let role = try store.read { connection throws(StoreError) in
      try connection("SELECT role FROM item_files").first { $0.int(0) }
    }
    #expect(role == 3)
    try store.close()
  }

  @Test("A file of the first version is brought up to date, and works with what it holds")
  func firstVersion() throws {
    let folder = try StoreFolder()
    let queue = try DatabaseQueue(path: folder.database)
    try queue.writeWithoutTransaction { database in
      try database.execute(
        sql: "PRAGMA journal_mode = WAL; PRAGMA application_id = \(Schema.applicationID)")
      try database.execute(sql: Schema.migrations[0])
      try database.execute(sql: "PRAGMA user_version = 1")
      try database.execute(
        sql: """
          INSERT INTO runs(id, name, batch, definition, steps, state, why, started, updated,
            first_sequence, last_sequence) VALUES(1, 'old', 'b', ?, '["step0"]', 0, '', 1, 1, 1, 1);
          """, arguments: ["\(Digest(of: "definition"))"])
      try database.execute(
        sql: """
          INSERT INTO items(id, run, ordinal, key, occurrence, state, unmet, blocked, step, tries,
            since) VALUES(1, 1, 1, 'a', 1, 3, 0, 0, 0, 0, 1);
          INSERT INTO sources(item, payload) VALUES(1, '{}');
          INSERT INTO counts(run, scope, state, count) VALUES(1, 0, 3, 1);
          """)
    }
    try queue.close()
    let store = try folder.open(mirrored: false)
    let (run, now) = (RunID("old"), Instant(milliseconds: 1_763_700_000_000))
    let claim = try store.claim(9, scope: .all, blocked: [], of: run, at: now)
    let item = try #require(claim.items.first)
    #expect(item.key == "a")
    #expect(item.model == 0 && item.spent == .zero)
    #expect(try store.spent(of: run, at: now) == Spent())
    let reservation = Reservation(
      provider: "acme", model: "m", worstCase: Money(picodollars: 9))
    let attempt = try store.nextAttempt()
    let start = AttemptStarted(
      attempt: attempt, item: item.id, step: 0, tryNumber: 1, epoch: Epoch(1),
      key: StepKey(components: []), why: "new", reservation: reservation)
    let end = AttemptEnded(
      attempt: attempt, item: item.id, outcome: .interrupted,
      consumption: Consumption(worstCaseOf: reservation))
    try store.apply([.attemptStarted(start), .attemptEnded(end)], of: run, at: now)
    #expect(try store.spent(of: run, at: now).run == Money(picodollars: 9))
    try store.close()
    #expect(try StoreFile(path: folder.database).version() == Schema.version)
  }

  @Test("Damaged pages are named as corrupt when they are met, never read as something else")
  func damaged() throws {
    let folder = try StoreFolder()
    let store = try folder.open(mirrored: false)
    let driver = try Driver(store)
    try driver.source((0..<2_000).map { Driver.item("k\($0)") })
    try store.close()
    var content = try bytes(folder.database)
    for offset in stride(from: 4_096 * 3, to: content.count, by: 4_096) {
      content.replaceSubrange(offset..<offset + 64, with: [UInt8](repeating: 0xa5, count: 64))
    }
    try content.write(to: URL(fileURLWithPath: folder.database))
    let found = error {
      let reader = try SQLiteReader(path: folder.database)
      _ = try reader.page(ItemQuery(limit: 5_000), of: driver.run)
      _ = try reader.summary(of: driver.run)
    }
    #expect(found?.code == "STORE_CORRUPT")
  }

  @Test("A number that means no state is corruption, not a default")
  func unknownCode() throws {
    let folder = try StoreFolder()
    let store = try folder.open(mirrored: false)
    let driver = try Driver(store)
    try driver.source("a")
    try store.close()
    let queue = try DatabaseQueue(path: folder.database)
    try queue.writeWithoutTransaction { try $0.execute(sql: "UPDATE items SET state = 77") }
    try queue.close()
    let reader = try SQLiteReader(path: folder.database)
    #expect(error { _ = try reader.find("a", in: driver.run, limit: 1) }?.code == "STORE_CORRUPT")
  }

  @Test("A folder that is not there is unavailable, a store that is not there too")
  func absent() throws {
    let folder = try StoreFolder()
    #expect(
      error { _ = try SQLiteReader(path: folder.database) }?.code == "STORE_UNAVAILABLE")
    #expect(
      error {
        _ = try SQLiteStore(
          path: folder.path + "/no/footplate.db", objects: folder.objects, mirrorFolder: nil)
      }?.code == "STORE_UNAVAILABLE")
  }

  @Test("An empty file is a new store")
  func empty() throws {
    let folder = try StoreFolder()
    try Data().write(to: URL(fileURLWithPath: folder.database))
    try folder.open().close()
    #expect(try SQLiteReader(path: folder.database).runs(limit: 1) == [])
  }

  @Test("A reader sees each commit, and that there was one")
  func reading() throws {
    let folder = try StoreFolder()
    let store = try folder.open()
    let driver = try Driver(store)
    let reader = try SQLiteReader(path: folder.database)
    let before = try reader.changeCounter()
    #expect(try reader.changeCounter() == before)
    try driver.source("a", "b")
    #expect(try reader.changeCounter() != before)
    #expect(try reader.summary(of: driver.run)?.counts.queued == 2)
    try store.checkpoint()
    #expect(try reader.summary(of: driver.run)?.counts.queued == 2)
    try store.close()
  }

  @Test("Reads together see one state, and the next ones what was committed meanwhile")
  func readingTogether() throws {
    let folder = try StoreFolder()
    let store = try folder.open()
    let driver = try Driver(store)
    try driver.source("a", "b")
    let item = try driver.claim().items[0].id
    let reader = try SQLiteReader(path: folder.database)
    let queued = { try reader.summary(of: driver.run)?.counts.queued }
    let seen = try reader.together {
      let before = try queued()
      let attempt = driver.nextAttempt()
      try driver.apply(driver.started(item, attempt), driver.launched(item, attempt))
      // One within the other is the same look.
      return [before, try queued(), try reader.together(queued)]
    }
    #expect(seen == [2, 2, 2])
    #expect(try queued() == 1)
    #expect(throws: CancellationError.self) {
      let _: Int = try reader.together { throw CancellationError() }
    }
    #expect(try reader.summary(of: driver.run) != nil, "nothing stays open")
    try store.close()
  }

  @Test("A checkpoint empties the log although a reader is there")
  func checkpoint() throws {
    let folder = try StoreFolder()
    let store = try folder.open()
    let driver = try Driver(store)
    let reader = try SQLiteReader(path: folder.database)
    try driver.source("a")
    _ = try reader.summary(of: driver.run)
    #expect(try bytes(folder.database + "-wal").count > 0)
    try store.checkpoint()
    #expect(try bytes(folder.database + "-wal").count == 0)
    try store.close()
  }
}

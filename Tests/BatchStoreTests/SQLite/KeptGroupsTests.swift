// Groups of failures as the tables keep them: held against counting, and in files of older versions.

import BatchModel
@testable import BatchStore
import Foundation
import GRDB
import Resilience
import Testing

@Suite("Kept groups")
struct KeptGroupsTests {
  /// Groups that are not what counting the items gives.
  private static let wrong = """
    SELECT count(*) FROM (
      SELECT run, signature, count(*), sum(cost) FROM items WHERE state = 0 GROUP BY 1, 2
      EXCEPT SELECT run, signature, count, cost FROM failure_groups)
    """
  private static let wrongRetries = """
    SELECT count(*) FROM failure_groups AS g WHERE retrying <> (
      SELECT count(*) FROM items WHERE items.run = g.run AND origin = g.signature)
    OR (resolved IS NULL) <> (count > 0 OR retrying > 0)
    OR count <> (SELECT count(*) FROM items
      WHERE items.run = g.run AND items.signature = g.signature AND state = 0)
    """

  @Test("They are what counting gives, whatever happened", arguments: 0..<25)
  func counted(seed: UInt64) throws {
    let folder = try StoreFolder()
    let store = try folder.open(mirrored: false)
    var run = try RandomRun(store, seed: seed)
    for _ in 0..<600 { try run.step() }
    let (groups, retries, all) = try store.read { connection throws(StoreError) in
      (
        try connection.composed(Self.wrong).first { $0.int(0) },
        try connection.composed(Self.wrongRetries).first { $0.int(0) },
        try connection("SELECT count(*) FROM failure_groups").first { $0.int(0) }
      )
    }
    #expect(groups == 0)
    #expect(retries == 0)
    #expect(all ?? 0 > 0)
    try store.close()
  }

  @Test("A file of an older version is read as it is, and its groups are kept from then on")
  func older() throws {
    let folder = try StoreFolder()
    let queue = try DatabaseQueue(path: folder.database)
    try queue.writeWithoutTransaction { database in
      try database.execute(
        sql: "PRAGMA journal_mode = WAL; PRAGMA application_id = \(Schema.applicationID)")
      for migration in Schema.migrations.prefix(6) { try database.execute(sql: migration) }
      try database.execute(sql: "PRAGMA user_version = 6")
      try database.execute(
        sql: """
          INSERT INTO runs(id, name, batch, definition, steps, state, why, started, updated,
            first_sequence, last_sequence)
          VALUES(1, 'old', 'b', ?, '["step0"]', 0, '', 1, 9000000, 1, 1);
          INSERT INTO signatures(id, text) VALUES(1, 'exit 1');
          """, arguments: ["\(Digest(of: "definition"))"])
      for item in 1...3 {
        try database.execute(
          sql: """
            INSERT INTO items(id, run, ordinal, key, occurrence, state, unmet, blocked, step,
              tries, since, signature, cost) VALUES(?1, 1, ?1, ?1, 1, 0, 0, 0, 0, 1, ?1, 1, 5);
            INSERT INTO sources(item, payload) VALUES(?1, '{}');
            INSERT INTO counts(run, scope, state, count) VALUES(1, 0, 0, 1)
              ON CONFLICT DO UPDATE SET count = count + 1;
            """.replacingOccurrences(of: "?1", with: "\(item)"))
      }
    }
    try queue.close()
    let run = RunID("old")
    var expected = FailureGroup(
      name: "G-01", signature: Signature(text: "exit 1"), count: 3,
      firstAt: Instant(milliseconds: 1), lastAt: Instant(milliseconds: 3), sampleKey: "1",
      cost: Money(picodollars: 15))
    let reader = try SQLiteReader(path: folder.database)
    #expect(try reader.failureGroups(of: run) == [expected])
    #expect(try reader.detail(of: ItemID(1))?.remark == nil)
    let store = try folder.open(mirrored: false)
    expected.recent = [Int](repeating: 0, count: 12)
    #expect(try store.failureGroups(of: run) == [expected])
    try store.apply(
      [.itemMoved(ItemMoved(item: ItemID(1), to: .skipped, step: 0, skipReason: .byHand))],
      of: run, at: Instant(milliseconds: 9))
    #expect(try store.failureGroups(of: run).first?.count == 2)
    #expect(try store.failureGroups(of: run).first?.cost == Money(picodollars: 10))
    try store.close()
  }
}

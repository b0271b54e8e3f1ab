// The mirror against the database: verified, behind, torn, tampered with, and rebuilt from.

import BatchModel
import BatchStore
import Foundation
import GRDB
import Resilience
import Testing

@Suite("The ledger's mirror")
struct LedgerTests {
  private func verify(_ folder: StoreFolder) throws -> LedgerReport { try folder.verify() }

  private func worked(_ folder: StoreFolder, seed: UInt64, steps: Int = 150) throws {
    let store = try folder.open()
    var run = try RandomRun(store, seed: seed)
    for _ in 0..<steps { try run.step() }
    var other = try RandomRun(store, seed: seed + 1_000, items: 5)
    for _ in 0..<10 { try other.step() }
    try store.close()
  }

  @Test("Replaying the ledger gives the state, whatever happened", arguments: 0..<25)
  func replays(seed: UInt64) throws {
    let folder = try StoreFolder()
    try worked(folder, seed: seed)
    let report = try verify(folder)
    #expect(report.problems == [])
    #expect(report.events > 100)
  }

  @Test("A deleted database comes back with everything", arguments: 0..<10)
  func rebuilds(seed: UInt64) throws {
    let folder = try StoreFolder()
    try worked(folder, seed: seed)
    let before = try snapshot(folder)
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: folder.database + suffix)
    }
    #expect(throws: StoreError.self) { try folder.open() }
    let report = try folder.rebuild()
    #expect(report.problems == [])
    #expect(try snapshot(folder) == before)
    #expect(try verify(folder).problems == [])
  }

  @Test(
    "A store that forgot what made or used a file differs from its ledger",
    arguments: ["item_files", "tracked_sources"])
  func forgotten(table: String) throws {
    let folder = try StoreFolder()
    try worked(folder, seed: 3, steps: 400)
    let queue = try DatabaseQueue(path: folder.database)
    let rows = try queue.write { database in
      // What older ones noted less exactly is no difference.
      try database.execute(sql: "UPDATE item_files SET role = 3 WHERE role = 1")
      try database.execute(
        sql: "DELETE FROM \(table) WHERE path IN (SELECT max(path) FROM \(table))")
      return database.changesCount
    }
    try queue.close()
    let found = try verify(folder).problems
    guard case .state(let place, let missing, _)? = found.first, found.count == 1 else {
      Issue.record("\(found)")
      return
    }
    #expect(place == table && missing == rows && rows > 0)
  }

  /// Everything that clients see.
  private func snapshot(_ folder: StoreFolder) throws -> [String] {
    let reader = try SQLiteReader(path: folder.database)
    var texts: [String] = []
    for summary in try reader.runs(limit: 10) {
      texts.append("\(summary)")
      for row in try reader.page(ItemQuery(order: .source, limit: 1_000), of: summary.run).rows {
        texts.append("\(try #require(try reader.detail(of: row.id)))")
      }
      texts.append(
        "\(try reader.failureGroups(of: summary.run, at: nil, withResolved: true))")
    }
    try reader.forEachReceipt { texts.append("\($0)") }
    for name in 0..<30 {
      texts.append("\(try reader.makings(of: "out/k\(name)", limit: 9))")
      texts.append("\(try reader.uses(of: "in/k\(name)", limit: 9))")
    }
    texts.append("\(try reader.tellings(from: "x", limit: 99))")
    return texts
  }

  @Test("A mirror that is behind is caught up when the store is opened")
  func behind() throws {
    let folder = try StoreFolder()
    let store = try folder.open()
    let driver = try Driver(store)
    try driver.source("a", "b")
    try store.close()
    let unmirrored = try folder.open(mirrored: false)
    let item = try unmirrored.claim(1, scope: .all, blocked: [], of: driver.run, at: driver.now)
      .items[0].id
    try unmirrored.apply(
      [driver.started(item, AttemptID(1)), driver.done(item, AttemptID(1))], of: driver.run,
      at: driver.now)
    try unmirrored.close()
    #expect(
      try verify(folder).problems == [
        .behind(run: driver.run, mirror: 2, store: 4)
      ].map { $0 } + [
        .state(table: "runs", rows: 1, example: "1"),
        .state(table: "items", rows: 1, example: "1"),
        .state(table: "attempts", rows: 1, example: "1"),
        .state(table: "results", rows: 1, example: "1"),
        .state(table: "receipts", rows: 1, example: "4"),
      ])
    try folder.open().close()
    #expect(try verify(folder).problems == [])
  }

  private func mirror(_ folder: StoreFolder) -> String { folder.runs + "/run-1/ledger.ndjson" }

  private func small() throws -> StoreFolder {
    let folder = try StoreFolder()
    let store = try folder.open()
    let driver = try Driver(store)
    try driver.source("a", "b")
    try driver.finish(try driver.claim(1).items[0].id)
    try store.close()
    return folder
  }

  @Test("A torn tail is cut and written again", arguments: [1, 40, 400])
  func torn(bytes: Int) throws {
    let folder = try small()
    let whole = try Data(contentsOf: URL(fileURLWithPath: mirror(folder)))
    try whole.dropLast(bytes).write(to: URL(fileURLWithPath: mirror(folder)))
    #expect(try verify(folder).problems.contains { $0.code == "LEDGER_BEHIND" })
    try folder.open().close()
    #expect(try Data(contentsOf: URL(fileURLWithPath: mirror(folder))) == whole)
  }

  @Test("Zeros that a loss of power left are cut")
  func zeros() throws {
    let folder = try small()
    let whole = try Data(contentsOf: URL(fileURLWithPath: mirror(folder)))
    var broken = whole
    for index in (whole.count - 300)..<(whole.count - 2) { broken[index] = 0 }
    try broken.write(to: URL(fileURLWithPath: mirror(folder)))
    try folder.open().close()
    #expect(try Data(contentsOf: URL(fileURLWithPath: mirror(folder))) == whole)
  }

  @Test("A changed line is found by the next line's digest")
  func tampered() throws {
    let folder = try small()
    let text = try String(contentsOfFile: mirror(folder), encoding: .utf8)
    try text.replacingOccurrences(of: "\"pid\":4711", with: "\"pid\":4712")
      .write(toFile: mirror(folder), atomically: true, encoding: .utf8)
    let problems = try verify(folder).problems
    #expect(problems.contains(.brokenChain(run: RunID("run-1"), line: 5)))
    #expect(problems.contains(.differs(sequence: 4)))
  }

  @Test("A line that is no JSON is named, and the rest is rebuilt")
  func garbage() throws {
    let folder = try small()
    var lines = try String(contentsOfFile: mirror(folder), encoding: .utf8)
      .split(separator: "\n").map(String.init)
    lines[3] = "garbage"
    try (lines.joined(separator: "\n") + "\n")
      .write(toFile: mirror(folder), atomically: true, encoding: .utf8)
    #expect(try verify(folder).problems.contains(.corruptLine(run: RunID("run-1"), line: 4)))
    let report = try folder.rebuild()
    #expect(report.backup == folder.database + ".damaged-7")
    #expect(FileManager.default.fileExists(atPath: folder.database + ".damaged-7"))
    let reader = try SQLiteReader(path: folder.database)
    #expect(try reader.receipts(itemKey: "a", limit: 5).count == 1)
  }

  @Test("On a full disk the lines wait, nothing is written twice, and room lets them out")
  func fullDisk() async throws {
    let folder = try StoreFolder()
    let path = mirror(folder)
    try FileManager.default.createDirectory(
      atPath: folder.runs + "/run-1", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
    let store = try folder.open()
    let driver = try Driver(store)
    #expect(throws: StoreError.diskFull) { try store.maintain(isIdle: false) }
    let queue = WriteQueue(
      store: store,
      onDiskFull: {
        do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
      })
    let note = Change.noted(Noted(run: driver.run, code: "test", message: "once"))
    try await queue.write([note], of: driver.run, at: driver.now)
    #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == 2)
    await queue.shutdown()
    try store.close()
    #expect(try verify(folder).problems == [])
  }

  @Test("Every line is small, names its run once, and follows the one before")
  func lines() throws {
    let folder = try StoreFolder()
    let store = try folder.open()
    let driver = try Driver(store)
    try driver.source("a")
    try driver.apply(
      .noted(Noted(run: driver.run, code: "long", message: String(repeating: "x", count: 400_000))))
    try store.close()
    let text = try String(contentsOfFile: mirror(folder), encoding: .utf8)
    var previous: Digest?
    for line in text.split(separator: "\n") {
      #expect(line.utf8.count < 256 << 10)
      #expect(line.components(separatedBy: "\"run\":").count == 2 || line.contains("\"body\":"))
      let value = try JSONValue(parsing: String(line))
      #expect(value["prev"] == previous.map { .string("\($0)") } ?? .null)
      #expect(value["at"]?.string?.hasPrefix("2025-11-21T0") == true)
      previous = Digest(of: String(line))
    }
    #expect(try verify(folder).problems == [])
  }
}

// A lost database and a damaged mirror at once: what comes back, and what is said of the rest.

import BatchModel
import BatchStore
import Foundation
import Resilience
import Testing

@Suite("A damaged ledger without a database")
struct DamagedLedgerTests {
  /// Two items, both done, in twelve lines or so.
  private func worked() throws -> StoreFolder {
    let folder = try StoreFolder()
    let store = try folder.open()
    let driver = try Driver(store)
    try driver.source("a", "b")
    for claimed in try driver.claim().items { try driver.finish(claimed.id) }
    let moved = RunMoved(run: driver.run, to: .finished, why: "nothing is left", by: "test")
    try driver.apply(.runMoved(moved))
    try store.close()
    return folder
  }

  private func mirror(_ folder: StoreFolder) -> URL {
    URL(fileURLWithPath: folder.runs + "/run-1/ledger.ndjson")
  }

  private func lines(_ folder: StoreFolder) throws -> [[UInt8]] {
    try Array(Data(contentsOf: mirror(folder))).split(separator: 0x0a).map(Array.init)
  }

  private func rebuild(_ folder: StoreFolder) throws -> RebuildReport {
    unlink(folder.database)
    return try folder.rebuild()
  }

  @Test("A flipped bit in any line but the last is mended, and nothing is lost", arguments: 0..<40)
  func flipped(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let folder = try worked()
    let whole = try Data(contentsOf: mirror(folder))
    let last = try #require(try lines(folder).last).count
    var damaged = whole
    let place = Int.random(in: 0..<(whole.count - last - 1), using: &random)
    damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    try damaged.write(to: mirror(folder))
    let report = try rebuild(folder)
    #expect(report.problems == [], "byte \(place)")
    #expect(report.receipts == 2)
    // The damage is still told of, until the mirror is written again.
    let problems = try folder.verify().problems
    #expect(!problems.isEmpty && problems.allSatisfy { $0.code == "LEDGER_CORRUPT_LINE" })
    try FileManager.default.removeItem(at: mirror(folder))
    try folder.open().close()
    #expect(try Data(contentsOf: mirror(folder)) == whole)
  }

  @Test("A flipped bit of the last line costs at most that line", arguments: 0..<10)
  func flippedLast(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let folder = try worked()
    var damaged = try Data(contentsOf: mirror(folder))
    let last = try #require(try lines(folder).last).count
    damaged[damaged.count - 1 - Int.random(in: 0...last, using: &random)] ^= 2
    try damaged.write(to: mirror(folder))
    let report = try rebuild(folder)
    #expect(report.problems.count <= 1)
    #expect(report.receipts == 2)
  }

  @Test(
    "Of a line that is gone altogether the loss is named, and the rest comes back",
    arguments: 0..<12)
  func garbage(number: Int) throws {
    let folder = try worked()
    var lines = try lines(folder)
    guard lines.indices.contains(number) else { return }
    lines[number] = Array("what is this?".utf8)
    try Data(lines.joined(separator: [0x0a]) + [0x0a]).write(to: mirror(folder))
    let report = try rebuild(folder)
    #expect(report.problems.contains(.corruptLine(run: RunID("run-1"), line: number + 1)))
    let reader = try SQLiteReader(path: folder.database)
    let lost = report.problems.filter { "\($0)".contains("the receipt of step 1 is lost") }.count
    let isReceipt = try number > 1 && self.lines(folder).count > number && report.receipts < 2
    if number > 1 { #expect(report.receipts + lost >= (isReceipt ? 1 : 2)) }
    // The store that is left can be worked with, and its own ledger is whole.
    guard number > 0 else { return #expect(try reader.runs(limit: 5).isEmpty) }
    try FileManager.default.removeItem(at: mirror(folder))
    try folder.open().close()
    let problems = try folder.verify().problems
    #expect(problems == [])
  }

  @Test("A run whose beginning is lost comes back by the definition at hand")
  func beginning() throws {
    let folder = try worked()
    var lines = try lines(folder)
    lines[0] = Array("{}".utf8)
    try Data(lines.joined(separator: [0x0a]) + [0x0a]).write(to: mirror(folder))
    unlink(folder.database)
    let report = try folder.rebuild(definition: Driver.batch(steps: 1))
    #expect(report.receipts == 2)
    #expect(!report.problems.contains { if case .refused = $0 { true } else { false } })
    try FileManager.default.removeItem(at: mirror(folder))
    try folder.open().close()
    #expect(try folder.verify().problems == [])
  }

  @Test("A receipt whose result's line is lost comes back with what it published")
  func salvaged() throws {
    let folder = try StoreFolder()
    let store = try folder.open()
    let driver = try Driver(store)
    try driver.source("a")
    let item = try driver.claim().items[0].id
    let attempt = driver.nextAttempt()
    try driver.apply(driver.started(item, attempt), driver.launched(item, attempt))
    try driver.apply(.resultRecorded(driver.result(item, attempt)))
    try driver.apply(driver.done(item, attempt, withResult: false, artifact: "out"))
    try store.close()
    var lines = try lines(folder)
    let place = try #require(
      lines.firstIndex { String(decoding: $0, as: UTF8.self).contains("result.recorded") })
    lines[place] = Array("{}".utf8)
    try Data(lines.joined(separator: [0x0a]) + [0x0a]).write(to: mirror(folder))
    let report = try rebuild(folder)
    #expect(report.receipts == 1)
    let reader = try SQLiteReader(path: folder.database)
    let receipt = try #require(try reader.receipts(itemKey: "a", limit: 1).first)
    #expect(receipt.artifacts.map(\.path) == ["out"])
    #expect(receipt.candidate == receipt.artifacts.first?.object)
  }
}

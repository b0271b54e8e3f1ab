// Receipts over several runs, and the digests of files.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("Receipts and digests")
struct ReceiptTests {
  @Test("The newest receipt of an item and step is the live one", arguments: StoreForm.allCases)
  func live(_ form: StoreForm) throws {
    let first = try Driver(form.make())
    try first.source("a", "a", "b")
    for item in try first.claim().items { try first.finish(item.id, artifact: "first") }
    let second = try Driver(first.store, run: "run-2")
    try second.source("a", "c")
    for item in try second.claim().items { try second.finish(item.id, artifact: "second") }
    var live: [String] = []
    try first.store.forEachReceipt {
      live.append("\($0.run) \($0.itemKey)/\($0.occurrence) \($0.artifacts[0].path)")
    }
    #expect(
      live == ["run-1 a/2 first", "run-1 b/1 first", "run-2 a/1 second", "run-2 c/1 second"])
    let latest = try first.store.latestReceipt(itemKey: "a", occurrence: 1, step: "step0")
    #expect(latest?.run == second.run)
    #expect(try first.store.latestReceipt(itemKey: "a", occurrence: 1, step: "other") == nil)
    #expect(
      try first.store.receipts(itemKey: "a", limit: 10).map(\.run.text) == [
        "run-2", "run-1", "run-1",
      ])
    #expect(try first.store.receipts(itemKey: nil, limit: 2).map(\.itemKey) == ["c", "a"])
  }

  @Test("A key that two items share leads to the newest receipt", arguments: StoreForm.allCases)
  func sharedKey(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b")
    let key = driver.key("shared")
    for item in try driver.claim().items { try driver.finish(item.id, key: key) }
    #expect(try driver.store.receipts(for: [key.key])[0]?.itemKey == "b")
    #expect(try driver.store.receipts(for: [driver.key("other").key])[0] == nil)
  }

  @Test("Digests of files are kept, sorted, the newest of each", arguments: StoreForm.allCases)
  func fileDigests(_ form: StoreForm) throws {
    let store = try form.make()
    func digest(_ path: String, _ size: Int64) -> FileDigest {
      let stamp = FileStamp(
        sizeBytes: size, modifiedNanoseconds: .max, changedNanoseconds: -1, inode: .max)
      return FileDigest(path: path, stamp: stamp, digest: Digest(of: "\(path) \(size)"))
    }
    try store.remember([digest("b", 1), digest("a", 1)])
    try store.remember([digest("b", 2)])
    var all: [StampedFile] = []
    try store.forEachStampedFiles { all += $0 }
    let expected = [digest("a", 1), digest("b", 2)]
    #expect(all == expected.map { StampedFile(path: $0.path, stamp: $0.stamp) })
    #expect(try store.fileDigest(of: "b") == digest("b", 2))
    #expect(try store.fileDigest(of: "c") == nil)
  }

  @Test("Runs are listed newest first, with their definition", arguments: StoreForm.allCases)
  func runs(_ form: StoreForm) throws {
    let first = try Driver(form.make())
    let second = try Driver(first.store, run: "run-2", steps: 2)
    #expect(second.epoch == Epoch(2))
    let runs = try first.store.runs(limit: 10)
    #expect(runs.map(\.run.text) == ["run-2", "run-1"])
    #expect(runs[0].steps == ["step0", "step1"])
    #expect(try first.store.batch(of: second.run) == Driver.batch(steps: 2))
    #expect(try first.store.batch(of: RunID("nowhere")) == nil)
    #expect(try first.store.summary(of: RunID("nowhere")) == nil)
  }

  @Test("A pause survives the engine, a stop does not", arguments: StoreForm.allCases)
  func pause(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    func state(after move: RunState) throws -> RunState? {
      try driver.apply(.runMoved(RunMoved(run: driver.run, to: move, why: "so", by: "ann")))
      let batch = Driver.batch(steps: 1)
      try driver.apply(
        .runStarted(
          RunStarted(
            run: driver.run, epoch: Epoch(2), batch: "batch", definition: batch.digest, pid: 2,
            bootID: "b", host: "h", resumed: true)))
      return try driver.store.summary(of: driver.run)?.state
    }
    #expect(try state(after: .paused) == .paused)
    #expect(try state(after: .stopped) == .running)
  }
}

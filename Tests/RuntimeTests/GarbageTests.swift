// What a garbage collection removes, and above all what it does not.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience
import Runtime
import Testing

@Suite(.serialized) struct GarbageTests {
  private func objects(_ batch: TestBatch) throws -> Set<Digest> {
    var found: Set<Digest> = []
    try ObjectStore(readingAt: batch.layout.objects).eachDigest { found.insert($0) }
    return found
  }

  private func collect(
    _ batch: TestBatch, grace: Duration = .zero, dry: Bool = false
  ) throws -> [String: Int] {
    let removals = try GarbageCollection(layout: batch.layout, grace: grace, isDryRun: dry)
      .collect()
    return Dictionary(uniqueKeysWithValues: removals.map { ($0.what, $0.count) })
  }

  @Test("Objects of replaced receipts go; what live receipts and the ledger name stays")
  func objectsGo() async throws {
    let batch = try TestBatch()
    try await batch.run()
    let replaced = try #require(try batch.client().store.artifact(at: "out/a.txt")).object.digest
    try batch.write("in/a.txt", "another one")
    try await batch.run()
    #expect(try collect(batch, dry: true)["objects"] == 1)
    #expect(try objects(batch).contains(replaced))
    #expect(try collect(batch)["objects"] == 1)
    #expect(try !objects(batch).contains(replaced))
    #expect(try batch.ledgerProblems() == [])
    #expect(try Verification.look(try batch.client()).isClean)
    // The ledger's objects are still there: a lost store comes back from them.
    unlink(batch.layout.database)
    unlink(batch.layout.database + "-wal")
    _ = try batch.doctor().fix(nil)
    #expect(batch.codes() == [])
    try await batch.run()
    #expect(batch.executions == 4)
  }

  @Test("Young objects stay: one may be the only old form of a file")
  func young() async throws {
    let batch = try TestBatch()
    try await batch.run()
    _ = try ObjectStore(at: batch.layout.objects).put(Array("an old form".utf8))
    #expect(try collect(batch, grace: .seconds(3600))["objects"] == 0)
    #expect(try collect(batch)["objects"] == 1)
  }

  @Test("Old logs go by age; for room logs go first, then young objects, and never a needed one")
  func room() async throws {
    let batch = try TestBatch()
    try await batch.run()
    let put = try ObjectStore(at: batch.layout.objects).put(Array("an old form".utf8))
    func collected(_ collection: GarbageCollection) throws -> [String: Int] {
      Dictionary(uniqueKeysWithValues: try collection.collect().map { ($0.what, $0.count) })
    }
    let layout = batch.layout
    let run = try #require(try batch.client().store.runs(limit: 1).first).run
    let folder = layout.logs(of: run)
    let log = "\(folder)/1.log"
    try Data(count: 5_000_000).write(to: URL(fileURLWithPath: log))
    let young = try collected(GarbageCollection(layout: layout, logAge: .seconds(3600)))
    #expect(young["old logs"] == 0)
    let size = GarbageCollection.size(of: layout)
    let little = try collected(
      GarbageCollection(layout: layout, bytesMax: size - 1_000_000, isDryRun: true))
    #expect([little["logs, for room"], little["young objects, for room"]] == [3, 0])
    #expect(FileManager.default.fileExists(atPath: log))
    let all = try collected(GarbageCollection(layout: layout, bytesMax: 0))
    #expect([all["logs, for room"], all["young objects, for room"]] == [3, 1])
    #expect(try !objects(batch).contains(put.digest))
    #expect(!FileManager.default.fileExists(atPath: log))
    #expect(try Verification.look(try batch.client()).isClean)
  }

  @Test("The result of an attempt whose step is not done stays")
  func unfinished() async throws {
    let batch = try TestBatch()
    try await batch.run { $0.limit = 1 }
    let sealed = try ObjectStore(at: batch.layout.objects).put(Array("paid for".utf8))
    try batch.abandon()
    try batch.withStore { store in
      let run = try batch.newest().run
      guard let open = try store.openAttempts(of: run).first else { throw NothingToAbandon() }
      let result = ResultRecorded(
        attempt: open.attempt, item: open.item, step: 0, candidate: sealed,
        usage: ProcessUsage(elapsedMilliseconds: 1, outputBytes: 1))
      try store.apply([.resultRecorded(result)], of: run, at: .wallClock)
    }
    _ = try collect(batch)
    #expect(try objects(batch).contains(sealed.digest))
    try await batch.run()
    #expect(try batch.newest().counts.done == 3)
    #expect(batch.executions == 2)
  }

  @Test(
    "A candidate that waits for a person's word stays, also when it has it and is not yet published",
    arguments: [false, true])
  func candidates(isJudged: Bool) async throws {
    // Refused by a check, or held for a review without any check of its own.
    let refusing =
      isJudged
      ? "\n  - {id: judge, run: 'echo shorter; exit 10', sends_back_to: up, rounds: 1}"
      : "\n    checks: [{name: digits, regex: '[0-9]'}]"
    let batch = try TestBatch(TestBatch.plain + refusing + "\nretry: {attempts: 1}\n")
    try await batch.run()
    let client = try batch.client()
    let run = try batch.newest().run
    let waiting = try client.store.reviews(of: run, after: nil, limit: 10)
    #expect(waiting.count == 3)
    _ = try collect(batch)
    for review in waiting {
      for candidate in review.candidates {
        #expect(try objects(batch).contains(candidate.object.digest))
      }
    }
    for review in waiting {
      let answer = try client.accept(review, reason: "", overwrite: false, in: run, by: "ann")
      #expect(answer == .applied(items: 1))
    }
    _ = try collect(batch)
    try await batch.run()
    #expect(try batch.newest().counts.done == 3)
    #expect(batch.text("out/a.txt") == "ONE")
    #expect(batch.executions == 3)
    #expect(batch.codes() == [])
  }

  @Test("Of a superseded run only the ledger stays, and its receipts still count")
  func superseded() async throws {
    let batch = try TestBatch()
    try await batch.run()
    let old = try batch.newest().run
    try await batch.run { $0.resumption = .fresh }
    #expect(try collect(batch)["logs and folders of superseded runs"] ?? 0 > 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: batch.layout.folder(of: old))
    #expect(names == ["ledger.ndjson"])
    #expect(batch.executions == 3)
    #expect(batch.codes() == [])
    try await batch.run()
    #expect(batch.executions == 3)
  }

  @Test("Old backups go, and an open attempt's folder never does")
  func backupsAndStaging() async throws {
    let batch = try TestBatch()
    try await batch.run { $0.limit = 1 }
    try PrivateFolder.create(batch.layout.staging(of: try batch.newest().run) + "/99-1")
    let open = try batch.abandon()
    try batch.remove("out/\(try doneName(batch)).txt")
    _ = try batch.doctor().fix(.artifactMissing)
    let removed = try collect(batch)
    #expect(removed["backups of fixes"] == 1)
    #expect(removed["staging folders"] == 1)
    #expect(FileManager.default.fileExists(atPath: open))
    #expect(throws: UndoError.nothing) { try batch.doctor().undo() }
  }

  private func doneName(_ batch: TestBatch) throws -> String {
    try #require(["a", "b", "c"].first { batch.text("out/\($0).txt") != nil })
  }

  @Test("Nothing is collected while an engine holds the workspace")
  func held() async throws {
    let batch = try TestBatch()
    try await batch.run()
    let lock = try EngineLock.acquire(at: batch.layout.lock)
    #expect(throws: OpenError.self) { try self.collect(batch) }
    withExtendedLifetime(lock) {}
  }
}

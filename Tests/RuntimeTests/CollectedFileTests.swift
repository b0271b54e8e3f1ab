// The collected file: its order, its gaps, and a person's change to it.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience
import Runtime
import Testing

@Suite(.serialized) struct CollectedFileTests {
  private static func definition(_ collect: String) -> String {
    """
    version: 1
    name: test
    parallel: 1
    items: {lines: items.txt}
    steps:
      - {id: say, run: "test {{line}} != bad && echo {{line}}!", retry: {attempts: 1}}
    collect: {to: all.jsonl, row: {said: "{{say.text}}", key: "{{key}}"}, \(collect)}
    """
  }

  private func batch(_ collect: String) throws -> TestBatch {
    try TestBatch(Self.definition(collect), files: ["items.txt": "x\nbad\ny\n"])
  }

  private func write(_ batch: TestBatch, force: Bool = false) throws -> CollectOutcome? {
    let client = try batch.client()
    let run = try client.resolve(nil).run
    let loaded = try #require(try client.store.batch(of: run))
    return try CollectedFile(layout: batch.layout, batch: loaded, store: client.store)
      .write(of: run, force: force)
  }

  @Test("It has the finished items' rows once the run has finished")
  func written() async throws {
    let batch = try batch("failed: omit")
    try await batch.run { $0.limit = 1 }
    #expect(batch.text("all.jsonl") == nil)
    try await batch.run()
    #expect(
      batch.text("all.jsonl") == """
        {"said":"x!\\n","key":"x"}
        {"said":"y!\\n","key":"y"}

        """)
    #expect(try write(batch)?.standing == .unchanged)
  }

  @Test("A failed item's row has nulls where it has no values")
  func nulls() async throws {
    let batch = try batch("failed: null")
    try await batch.run()
    #expect(batch.text("all.jsonl")?.contains(#"{"said":null,"key":"bad"}"#) == true)
  }

  @Test("In the order of finishing, an item that was mended last comes last")
  func finishedOrder() async throws {
    let batch = try batch("order: finished")
    try await batch.run { $0.only = "y" }
    try await batch.run()
    let keys = batch.text("all.jsonl")?.split(separator: "\n").map { $0.contains("\"y\"") }
    #expect(keys == [true, false])
  }

  @Test("A person's change to it is left alone until it is forced, and then kept")
  func changedByHand() async throws {
    let batch = try batch("failed: omit")
    try await batch.run()
    try batch.write("all.jsonl", "mine\n")
    try batch.write("items.txt", "x\ny\nz\n")
    try await batch.run()
    #expect(batch.text("all.jsonl") == "mine\n")
    #expect(try write(batch)?.standing == .leftAlone)
    #expect(try write(batch, force: true)?.standing == .written)
    #expect(batch.text("all.jsonl")?.split(separator: "\n").count == 3)
    #expect(ObjectStore(readingAt: batch.layout.objects).contains(Digest(of: "mine\n")))
  }

  @Test("A file that stood there before the first collection is kept as an object")
  func stoodThere() async throws {
    let batch = try batch("failed: omit")
    try batch.write("all.jsonl", "older\n")
    try await batch.run()
    #expect(batch.text("all.jsonl")?.contains("x!") == true)
    #expect(ObjectStore(readingAt: batch.layout.objects).contains(Digest(of: "older\n")))
  }
}

// A running engine that is told to take its source up again.

import BatchDefinition
import BatchModel
import BatchStore
import Foundation
import Resilience
import Runtime
import Synchronization
import Testing

@Suite(.serialized) struct ReloadTests {
  /// Each item waits for the file `go`, so that a test decides when work is done.
  private static let waiting = """
    version: 1
    name: test
    parallel: 1
    items: {lines: items.txt}
    steps: [{id: wait, run: "until test -e ../go; do sleep 0.02; done; echo {{line}}"}]
    """

  private func notes(_ batch: TestBatch) throws -> [Noted] {
    try batch.client().store.entries(of: nil, after: 0, limit: 1000)
      .compactMap { entry in if case .noted(let note) = entry.change { note } else { nil } }
  }

  /// Starts an engine, reloads when an attempt runs, and lets the work end once it is answered.
  private func reload(
    _ batch: TestBatch, change: @escaping @Sendable () throws -> Void
  ) async throws -> SessionEnd {
    let (started, running) = AsyncStream.makeStream(of: Void.self)
    let (answered, answer) = AsyncStream.makeStream(of: Void.self)
    async let end = batch.run { _ in
    } news: { news in
      guard case .committed(_, let changes) = news else { return }
      for change in changes {
        if case .attemptStarted = change { running.yield() }
      }
    }
    for await _ in started { break }
    try change()
    let client = try batch.client()
    _ = try client.submit(.reload, of: client.resolve(nil).run, by: "test")
    let watch = Task {
      let deadline = ContinuousClock.now + .seconds(30)
      while ContinuousClock.now < deadline {
        if try notes(batch).contains(where: { $0.code.hasPrefix("reload") }) { break }
        try await Task.sleep(for: .milliseconds(20))
      }
      answer.yield()
    }
    for await _ in answered { break }
    try await watch.value
    try batch.write("../go", "")
    return try await end
  }

  @Test("New items are worked on and vanished ones cancelled, also those that it holds")
  func takesUp() async throws {
    let batch = try TestBatch(Self.waiting, files: ["items.txt": "a\nb\nc\n"])
    let end = try await reload(batch) { try batch.write("items.txt", "a\nc\nd\n") }
    #expect(end.summary.counts == ItemCounts(done: 3, cancelled: 1))
    let store = try batch.client().store
    let row = try #require(try store.find("b", in: end.summary.run, limit: 1).first)
    #expect(row.state == .cancelled)
    #expect(row.note == "gone")
    #expect(try notes(batch).contains { $0.message == "1 new, 0 changed, 1 gone" })
    #expect(try FileManager.default.contentsOfDirectory(atPath: batch.layout.requests).isEmpty)
    #expect(try batch.ledgerProblems() == [])
  }

  @Test("Changed steps are refused with the way to go on, and the work is not disturbed")
  func refuses() async throws {
    let batch = try TestBatch(Self.waiting, files: ["items.txt": "a\nb\n"])
    let end = try await reload(batch) {
      try batch.write("footplate.yaml", Self.waiting.replacing("0.02", with: "0.03"))
    }
    #expect(end.summary.counts == ItemCounts(done: 2))
    let note = try #require(try notes(batch).first { $0.code == "reload-refused" })
    #expect(note.message.hasPrefix("the steps changed; footplate stop, then footplate run"))
  }

  @Test("A definition that cannot be read is refused with its mistakes")
  func refusesMistakes() async throws {
    let batch = try TestBatch(Self.waiting, files: ["items.txt": "a\n"])
    let end = try await reload(batch) { try batch.write("footplate.yaml", "version: 1\n") }
    #expect(end.summary.counts == ItemCounts(done: 1))
    #expect(try notes(batch).contains { $0.code == "reload-refused" })
  }

  @Test("The difference is counted before anything is asked")
  func difference() async throws {
    let batch = try TestBatch(Self.waiting, files: ["items.txt": "a\nb\nb\n", "../go": ""])
    try await batch.run()
    try batch.write("items.txt", "b\nc\nb\n")
    let client = try batch.client()
    let difference = try SourceDifference(
      of: client.resolve(nil).run, from: client.store,
      to: try DefinitionFile.load(batch.definitionPath), layout: batch.layout)
    #expect("\(difference)" == "1 new, 0 changed, 1 vanished")
    try await batch.run()
    try batch.write("items.txt", "b\nc\nb\na\n")
    let again = try SourceDifference(
      of: client.resolve(nil).run, from: client.store,
      to: try DefinitionFile.load(batch.definitionPath), layout: batch.layout)
    #expect("\(again)" == "1 new, 0 changed, 0 vanished")
  }

  @Test("Where the items come from may change under an engine, the steps may not")
  func definitions() throws {
    let batch = try TestBatch(Self.waiting, files: ["items.txt": "a\n"])
    func loaded(_ text: String) throws -> Batch {
      try batch.write("footplate.yaml", text)
      return try DefinitionFile.load(batch.definitionPath).batch
    }
    let old = try loaded(Self.waiting)
    let items = try loaded(Self.waiting.replacing("items.txt", with: "others.txt"))
    let steps = try loaded(Self.waiting.replacing("0.02", with: "0.03"))
    #expect(DefinitionDifference(from: old, to: old) == .none)
    #expect(DefinitionDifference(from: old, to: items) == .items)
    #expect(DefinitionDifference(from: old, to: steps) == .recipe)
  }
}

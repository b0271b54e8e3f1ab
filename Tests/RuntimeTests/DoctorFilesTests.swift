// The doctor on files, processes, disk and definition.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience
import Runtime
import Testing

@Suite(.serialized) struct DoctorFilesTests {
  @Test("What is open to others is closed, and opened again by undo")
  func permissions() async throws {
    let batch = try TestBatch()
    try await batch.run()
    chmod(batch.layout.state, 0o755)
    chmod(batch.layout.database, 0o644)
    #expect(batch.codes() == [.permissionsTooOpen])
    _ = try batch.doctor().fix(nil)
    #expect(batch.mode(batch.layout.state) == 0o700)
    #expect(batch.mode(batch.layout.database) == 0o600)
    _ = try batch.doctor().undo()
    #expect(batch.mode(batch.layout.database) == 0o644)
    try await batch.run()
    #expect(batch.mode(batch.layout.state) == 0o700)
    #expect(batch.codes() == [])
  }

  @Test("Folders of attempts that ended are moved away, those of open attempts never")
  func staging() async throws {
    let batch = try TestBatch()
    try await batch.run { $0.limit = 1 }
    let run = try batch.newest().run
    let old = batch.layout.staging(of: run) + "/99-1"
    try batch.write(String(old.dropFirst(batch.root.utf8.count + 1)) + "/candidate", "half")
    let open = try batch.abandon()
    #expect(batch.codes() == [.staleBatchProgress, .orphanedStaging])
    _ = try batch.doctor().fix(.orphanedStaging)
    #expect(!FileManager.default.fileExists(atPath: old))
    #expect(FileManager.default.fileExists(atPath: open))
    _ = try batch.doctor().undo()
    #expect(FileManager.default.contents(atPath: old + "/candidate") == Data("half".utf8))
  }

  @Test("An engine removes the folders of ended attempts at its start, unless told not to")
  func heals() async throws {
    let batch = try TestBatch()
    try await batch.run { $0.limit = 1 }
    let staging = batch.layout.staging(of: try batch.newest().run) + "/99-1"
    try PrivateFolder.create(staging)
    try await batch.run {
      $0.heals = false
      $0.limit = 1
    }
    #expect(FileManager.default.fileExists(atPath: staging))
    try await batch.run()
    #expect(!FileManager.default.fileExists(atPath: staging))
    let notes = try batch.client().store.entries(of: nil, after: 0, limit: 1000)
      .compactMap { entry in if case .noted(let note) = entry.change { note } else { nil } }
    #expect(notes.map(\.code).contains("healed"))
    #expect(batch.executions == 3)
  }

  @Test("A process of a dead engine is found and ended")
  func processes() async throws {
    let batch = try TestBatch()
    try await batch.run()
    let orphan = try batch.orphan()
    let findings = batch.doctor().examine()
    #expect(findings.map(\.code) == [.orphanedProcess])
    #expect(findings.first?.subject == "process \(orphan.processIdentifier)")
    _ = try batch.doctor().fix(nil)
    orphan.waitUntilExit()
    #expect(orphan.terminationReason == .uncaughtSignal)
    #expect(batch.codes() == [])
    try await batch.run()
  }

  @Test("A missing artifact is restored, and gone again by undo")
  func missing() async throws {
    let batch = try TestBatch()
    try await batch.run()
    try batch.remove("out/a.txt")
    #expect(batch.codes() == [.artifactMissing])
    _ = try batch.doctor().fix(nil)
    #expect(batch.text("out/a.txt") == "ONE")
    _ = try batch.doctor().undo()
    #expect(batch.text("out/a.txt") == nil)
    try await batch.run()
    #expect(batch.text("out/a.txt") == "ONE")
    #expect(batch.executions == 3)
  }

  @Test("A person's change is overwritten only when its code is named, and comes back by undo")
  func changed() async throws {
    let batch = try TestBatch()
    try await batch.run()
    try batch.write("out/a.txt", "mine")
    #expect(batch.codes() == [.artifactChanged])
    #expect(try batch.doctor().fix(nil).isEmpty)
    #expect(batch.text("out/a.txt") == "mine")
    _ = try batch.doctor().fix(.artifactChanged)
    #expect(batch.text("out/a.txt") == "ONE")
    _ = try batch.doctor().undo()
    #expect(batch.text("out/a.txt") == "mine")
    try await batch.run()
    #expect(batch.text("out/a.txt") == "mine")
  }

  @Test("Undo leaves alone what was changed after the fix")
  func changedAfterwards() async throws {
    let batch = try TestBatch()
    try await batch.run()
    try batch.remove("out/a.txt")
    _ = try batch.doctor().fix(nil)
    try batch.write("out/a.txt", "mine")
    let undone = try batch.doctor().undo()
    #expect(undone.done == ["out/a.txt was changed since and is left alone"])
    #expect(batch.text("out/a.txt") == "mine")
    #expect(throws: UndoError.nothing) { try batch.doctor().undo() }
  }

  @Test("A disk with little room is told of")
  func disk() async throws {
    let batch = try TestBatch()
    try await batch.run()
    #expect(batch.codes(DoctorHost(freeBytes: { _ in 10 << 20 })) == [.diskLow])
    #expect(batch.codes(DoctorHost(freeBytes: { _ in 10 << 30 })) == [])
  }

  @Test("Every mistake of a definition is a finding at its place, and its repair ends them")
  func definition() async throws {
    let batch = try TestBatch(
      """
      version: 1
      name: test
      items: {glop: x}
      steps: [{id: a, rum: b}]
      """)
    let findings = batch.doctor().examine()
    #expect(findings.count >= 2)
    #expect(findings.allSatisfy { $0.code == .invalidDefinition && $0.mending == .byHand })
    #expect(findings.first?.subject.hasSuffix("footplate.yaml:3:9") == true)
    try batch.write("footplate.yaml", TestBatch.plain)
    #expect(batch.codes() == [])
    try batch.remove("footplate.yaml")
    #expect(batch.codes() == [.invalidDefinition])
  }

  private static let ordered = """
    version: 1
    name: test
    items: {jsonl: items.jsonl, key: "{{id}}", after: "{{needs}}"}
    steps: [{id: do, run: "true"}]
    """

  @Test("Items that need each other in a circle, or one that is not there, are named")
  func dependencies() async throws {
    let batch = try TestBatch(
      Self.ordered,
      files: [
        "items.jsonl": """
        {"id": "a", "needs": ["b"]}
        {"id": "b", "needs": ["a"]}
        {"id": "c", "needs": ["nobody"]}

        """
      ])
    let findings = batch.doctor().examine()
    #expect(findings.map(\.code) == [.missingDependency, .circularDependency])
    #expect(findings.first?.sentence == "c comes after nobody, and there is no such item")
    #expect(findings.last?.sentence.hasPrefix("a cycle: ") == true)
    #expect(!FileManager.default.fileExists(atPath: batch.layout.state))
    try batch.write("items.jsonl", "{\"id\": \"a\", \"needs\": []}\n")
    #expect(batch.codes() == [])
  }

  @Test("A folder in which nothing ever ran has nothing to mend")
  func untouched() throws {
    let batch = try TestBatch()
    #expect(batch.codes() == [])
    #expect(try batch.doctor().fix(nil).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: batch.layout.state))
  }
}

// Artifacts against their receipts, and what a repair does and leaves alone.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience
import Runtime
import Testing

@Suite(.serialized) struct VerificationTests {
  private func object(behind path: String, _ batch: TestBatch) throws -> String {
    let artifact = try #require(try batch.client().store.artifact(at: path))
    return ObjectStore(readingAt: batch.layout.objects).path(of: artifact.object.digest)
  }

  private func kinds(_ batch: TestBatch) throws -> [String: ArtifactProblem.Kind] {
    let lines = try Verification.look(try batch.client()).lines
    return Dictionary(uniqueKeysWithValues: lines.map { ($0.problem.path, $0.problem.kind) })
  }

  @Test("A missing artifact is restored, a person's change is left alone until it is forced")
  func repairs() async throws {
    let batch = try TestBatch()
    try await batch.run()
    #expect(try Verification.look(try batch.client()).isClean)
    try batch.remove("out/a.txt")
    try batch.write("out/b.txt", "mine")
    #expect(try kinds(batch) == ["out/a.txt": .missing, "out/b.txt": .changed])
    #expect(try !Verification.repair(batch.layout, force: false).isClean)
    #expect(batch.text("out/a.txt") == "ONE")
    #expect(batch.text("out/b.txt") == "mine")
    let forced = try Verification.repair(batch.layout, force: true)
    #expect(forced.isClean)
    #expect(batch.text("out/b.txt") == "TWO")
    guard case .restored(let kept?)? = forced.lines.first?.outcome else {
      Issue.record("the old form was not kept")
      return
    }
    let old = try ObjectStore(readingAt: batch.layout.objects).bytes(of: kept.digest)
    #expect(old == Array("mine".utf8))
  }

  @Test("Bytes that changed although nobody wrote are damage, and restored without being forced")
  func damage() async throws {
    let batch = try TestBatch()
    try await batch.run()
    let artifact = try #require(try batch.client().store.artifact(at: "out/a.txt"))
    try batch.write("out/a.txt", "0NE")
    // The store remembers the file with this very stamp: so it looks like a disk's mistake.
    let stamp = try #require(try FileDigests(root: batch.root).stamp(of: "out/a.txt"))
    try batch.withStore { store in
      try store.remember([
        FileDigest(path: "out/a.txt", stamp: stamp, digest: artifact.object.digest)
      ])
    }
    #expect(try kinds(batch) == ["out/a.txt": .damaged])
    #expect(try Verification.repair(batch.layout, force: false).isClean)
    #expect(batch.text("out/a.txt") == "ONE")
  }

  @Test("A lost object is made again from its artifact; when both are gone, the item has to run")
  func objects() async throws {
    let batch = try TestBatch()
    try await batch.run()
    unlink(try object(behind: "out/a.txt", batch))
    unlink(try object(behind: "out/b.txt", batch))
    try batch.remove("out/b.txt")
    #expect(try kinds(batch) == ["out/a.txt": .objectLost, "out/b.txt": .missing])
    let repaired = try Verification.repair(batch.layout, force: false)
    #expect(repaired.lines.map(\.isMended).filter { $0 }.count == 1)
    #expect(FileManager.default.fileExists(atPath: try object(behind: "out/a.txt", batch)))
    #expect(batch.text("out/b.txt") == nil)
    try await batch.run()
    #expect(batch.text("out/b.txt") == "TWO")
    #expect(batch.executions == 4)
  }

  @Test("What a vanished item published is promised no more")
  func vanished() async throws {
    let batch = try TestBatch()
    try await batch.run()
    try batch.remove("in/a.txt")
    try batch.remove("out/a.txt")
    try await batch.run()
    #expect(try Verification.look(try batch.client()).isClean)
    #expect(batch.text("out/a.txt") == nil)
  }

  @Test("A folder or a link where an artifact was is never written through")
  func hostile() async throws {
    let batch = try TestBatch()
    try await batch.run()
    try batch.remove("out/a.txt")
    try FileManager.default.createDirectory(
      atPath: batch.path("out/a.txt"), withIntermediateDirectories: false)
    try batch.remove("out/b.txt")
    try batch.write("elsewhere.txt", "untouched")
    symlink(batch.path("elsewhere.txt"), batch.path("out/b.txt"))
    #expect(try kinds(batch) == ["out/a.txt": .unreadable, "out/b.txt": .changed])
    _ = try Verification.repair(batch.layout, force: false)
    #expect(batch.text("elsewhere.txt") == "untouched")
    #expect(try kinds(batch).count == 2)
    _ = try Verification.repair(batch.layout, force: true)
    #expect(batch.text("elsewhere.txt") == "untouched")
    #expect(try kinds(batch) == ["out/a.txt": .unreadable])
    #expect(batch.text("out/b.txt") == "TWO")
  }
}

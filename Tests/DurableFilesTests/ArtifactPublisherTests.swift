// Publication: whole or not at all, repeatable after a crash at every step, never over a person.

import BatchModel
import Foundation
import Glibc
import Synchronization
import Testing

@testable import DurableFiles

@Suite(.serialized) struct ArtifactPublisherTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  @Test func `An artifact appears with its parents and readable modes`() throws {
    let intent = try folder.intent("docs/deep/a.md", "text")
    let outcome = try folder.publisher.publish(intent)
    guard case .published(let stamp, nil) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(try folder.text("docs/deep/a.md") == "text")
    #expect(try FileDigests(root: folder.path).stamp(of: "docs/deep/a.md") == stamp)
    let mask = umask(0)
    umask(mask)
    #expect(folder.mode("docs/deep") == 0o755 & ~mask)
    #expect(folder.mode("docs/deep/a.md") == 0o644 & ~mask)
    #expect(try folder.names(in: "docs/deep") == ["a.md"])
  }

  @Test func `A target that stands as the intent says is replaced and keeps its mode`() throws {
    try folder.write("old", to: "tool.sh")
    chmod("\(folder.path)/tool.sh", 0o750)
    let outcome = try folder.publisher.publish(
      try folder.intent("tool.sh", "new", replacing: "old"))
    guard case .published(_, nil) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(try folder.text("tool.sh") == "new")
    #expect(folder.mode("tool.sh") == 0o750)
    #expect(try folder.names() == [".footplate", "tool.sh"])
  }

  @Test func `A target that a person changed is left alone`() throws {
    try folder.write("person's", to: "a.md")
    let found = PublishOutcome.targetChanged(found: .file(Digest(of: "person's")))
    #expect(
      try folder.publisher.publish(try folder.intent("a.md", "new", replacing: "old")) == found)
    #expect(try folder.publisher.publish(try folder.intent("a.md", "new")) == found)
    #expect(try folder.text("a.md") == "person's")
    unlink("\(folder.path)/a.md")
    let gone = try folder.publisher.publish(try folder.intent("a.md", "new", replacing: "old"))
    #expect(gone == .targetChanged(found: .absent))
  }

  @Test func `Overwriting by request keeps the old form as an object`() throws {
    try folder.write("person's", to: "a.md")
    let outcome = try folder.publisher.publish(
      try folder.intent("a.md", "new", replacing: "old"), overwriting: true)
    guard case .published(_, let kept?) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(try folder.text("a.md") == "new")
    #expect(try folder.objects.bytes(of: kept.digest) == Array("person's".utf8))
  }

  /// What a crash leaves after each part of step 7.
  enum CrashPoint: CaseIterable {
    case beforeAnything, parentsMade, temporaryHalfWritten, exchanged, renamed
  }

  @Test(arguments: CrashPoint.allCases)
  func `Publication is completed after a crash at any point`(point: CrashPoint) throws {
    let isReplacement = point == .exchanged
    let intent = try folder.intent("docs/a.md", "new", replacing: isReplacement ? "old" : nil)
    let temporary = "docs/.footplate-\(Digest(of: "docs/a.md").hex.prefix(12))-0123456789abcdef"
    switch point {
    case .beforeAnything: break
    case .parentsMade: mkdir("\(folder.path)/docs", 0o755)
    case .temporaryHalfWritten: try folder.write("ne", to: temporary)
    case .exchanged:
      try folder.write("old", to: temporary)
      try folder.write("new", to: "docs/a.md")
    case .renamed: try folder.write("new", to: "docs/a.md")
    }
    // A new process: nothing is remembered.
    let again = ArtifactPublisher(
      workspace: try Workspace(at: folder.path), objects: folder.objects)
    try again.removeLeftovers(of: intent)
    switch try again.publish(intent) {
    case .published: #expect(![.renamed, .exchanged].contains(point))
    case .alreadyPublished: #expect([.renamed, .exchanged].contains(point))
    case .targetChanged(let found): Issue.record("\(found)")
    }
    #expect(try folder.text("docs/a.md") == "new")
    #expect(try folder.names(in: "docs") == ["a.md"])
    if case .alreadyPublished = try again.publish(intent) {
      // Repeating it a third time changes nothing.
    } else {
      Issue.record("not idempotent")
    }
  }

  @Test func `A leftover of an exchange is kept as an object before it goes`() throws {
    let intent = try folder.intent("a.md", "new", replacing: "old")
    let prefix = Digest(of: "a.md").hex.prefix(12)
    try folder.write("person's", to: ".footplate-\(prefix)-0123456789abcdef")
    try folder.publisher.removeLeftovers(of: intent)
    #expect(folder.objects.contains(Digest(of: "person's")))
  }

  /// Publishes every intent on a thread of its own; returns how many were published.
  private func publishAtOnce(_ intents: [PublishIntent]) throws -> Int {
    let publisher = folder.publisher
    let results = Mutex<[Result<PublishOutcome, FilesError>]>([])
    let group = DispatchGroup()
    for intent in intents {
      group.enter()
      Thread.detachNewThread {
        let result = Result { () throws(FilesError) in try publisher.publish(intent) }
        results.withLock { $0.append(result) }
        group.leave()
      }
    }
    group.wait()
    return try results.withLock { $0 }.count { result in
      if case .published = try result.get() { true } else { false }
    }
  }

  @Test func `Of many publishers to one path one wins whole`() throws {
    let publisher = folder.publisher
    let intents = try (0..<16).map { number in
      try folder.intent("a.md", String(repeating: "\(number) ", count: 10_000))
    }
    #expect(try publishAtOnce(intents) == 1)
    let standing = try publisher.currentContent(of: "a.md")
    #expect(intents.contains { standing == .file($0.object.digest) })
    #expect(try folder.names() == [".footplate", "a.md"])
  }

  @Test func `Of many replacements of one version one wins whole`() throws {
    try folder.write("old", to: "a.md")
    let publisher = folder.publisher
    let intents = try (0..<16).map { number in
      try folder.intent("a.md", String(repeating: "\(number) ", count: 10_000), replacing: "old")
    }
    #expect(try publishAtOnce(intents) == 1)
    let standing = try publisher.currentContent(of: "a.md")
    #expect(intents.contains { standing == .file($0.object.digest) })
    #expect(try folder.names() == [".footplate", "a.md"])
  }

  @Test func `A damaged object is not published`() throws {
    let intent = try folder.intent("a.md", "right")
    let path = folder.objects.path(of: intent.object.digest)
    chmod(path, 0o600)
    try Data("wrong".utf8).write(to: URL(fileURLWithPath: path))
    let error = filesError { _ = try folder.publisher.publish(intent) }
    #expect(error?.code == "digest-mismatch")
    #expect(try folder.names() == [".footplate"])
  }

  @Test(.enabled(if: SmallDisk.canMount, "mounting a small disk needs the right to mount"))
  func `A full disk publishes nothing and leaves the old form`() throws {
    let disk = try SmallDisk(megabytes: 1)
    try Data("old".utf8).write(to: URL(fileURLWithPath: "\(disk.path)/a.md"))
    let publisher = ArtifactPublisher(
      workspace: try Workspace(at: disk.path), objects: folder.objects)
    let big = try folder.intent("a.md", String(repeating: "x", count: 4 << 20), replacing: "old")
    #expect(filesError { _ = try publisher.publish(big) }?.isDiskFull == true)
    #expect(try publisher.currentContent(of: "a.md") == .file(Digest(of: "old")))
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["a.md"])
  }
}

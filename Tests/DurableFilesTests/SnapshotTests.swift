// Snapshots: the same content has the same name everywhere, and nothing outside is looked at.

import BatchModel
import Foundation
import Glibc
import Resilience
import Synchronization
import Testing

@testable import DurableFiles

@Suite struct SnapshotTests {
  private let later = Instant(milliseconds: 4_000_000_000_000)

  private func snapshot(
    _ folder: TestFolder, _ rules: SnapshotRules = SnapshotRules()
  ) throws -> WorkspaceSnapshot {
    try WorkspaceSnapshot.take(of: folder.path, rules: rules, at: later)
  }

  /// Files in an order that a seed chooses.
  private func fill(_ folder: TestFolder, _ files: [String: String], seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for (name, text) in files.sorted(by: { $0.key < $1.key }).shuffled(using: &random) {
      try folder.write(text, to: name)
    }
  }

  @Test func `The same content gives the same name, whatever the order, time or place`() throws {
    let files = ["a.txt": "a", "a/b.txt": "b", "a0": "0", "ä/ß ü.txt": "u", "deep/er/x": ""]
    let names = try (1...3).map { seed in
      let folder = try TestFolder()
      try fill(folder, files, seed: UInt64(seed))
      try folder.link("link", to: "a.txt")
      return try snapshot(folder).manifest.id
    }
    #expect(Set(names).count == 1)
    // Known from the first day: another machine, another version, the same name.
    #expect(names[0].text == "snap-cb75f329138a")
  }

  @Test func `Paths are sorted by their bytes, with size, mode and digest`() throws {
    let folder = try TestFolder()
    try folder.write("b", to: "a/b")
    try folder.write("#!/bin/sh\n", to: "a.sh")
    chmod("\(folder.path)/a.sh", 0o755)
    try folder.write("0", to: "a0")
    try folder.link("out", to: "/etc/passwd")
    #expect(
      try snapshot(folder).manifest.entries == [
        SnapshotEntry(
          path: "a.sh",
          content: .file(digest: Digest(of: "#!/bin/sh\n"), sizeBytes: 10, isExecutable: true)),
        SnapshotEntry(
          path: "a/b", content: .file(digest: Digest(of: "b"), sizeBytes: 1, isExecutable: false)),
        SnapshotEntry(
          path: "a0", content: .file(digest: Digest(of: "0"), sizeBytes: 1, isExecutable: false)),
        SnapshotEntry(path: "out", content: .link(target: "/etc/passwd")),
      ])
  }

  @Test func `A change of content, mode or a link's text changes the name`() throws {
    let folder = try TestFolder()
    try folder.write("a", to: "a")
    try folder.link("l", to: "a")
    var names = [try snapshot(folder).manifest.id]
    chmod("\(folder.path)/a", 0o700)
    names.append(try snapshot(folder).manifest.id)
    try folder.write("b", to: "a")
    names.append(try snapshot(folder).manifest.id)
    unlink("\(folder.path)/l")
    try folder.link("l", to: "b")
    names.append(try snapshot(folder).manifest.id)
    #expect(Set(names).count == 4)
  }

  @Test func `What the rules exclude is left out at every depth, folders with all in them`() throws
  {
    let folder = try TestFolder()
    for name in [
      "keep.txt", ".git/config", "a/node_modules/x/y", ".footplate/db", "p/.build/z", "a/b.log",
      "dist/x", "sub/dist/y", "out/tmp/z", "out/keep",
    ] {
      try folder.write("x", to: name)
    }
    let rules = SnapshotRules(patterns: ["*.log", "/dist", "out/tmp/"])
    #expect(
      try snapshot(folder, rules).manifest.entries.map(\.path)
        == ["keep.txt", "out/keep", "sub/dist/y"])
  }

  @Test func `Links are recorded and never followed, also those in a circle`() throws {
    let outside = try TestFolder()
    try outside.write("secret", to: "secret.txt")
    let folder = try TestFolder()
    try folder.link("away", to: outside.path)
    try folder.link("circle", to: ".")
    let taken = try snapshot(folder)
    #expect(taken.manifest.entries.map(\.path) == ["away", "circle"])
    #expect(taken.problems == [])
  }

  @Test func `Pipes, sockets and names that are no text are told and left out`() throws {
    let folder = try TestFolder()
    mkfifo("\(folder.path)/pipe", 0o600)
    var name = Array("\(folder.path)/".utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
    close(creat(&name, 0o600))
    let taken = try snapshot(folder)
    #expect(taken.manifest.entries == [])
    #expect(
      taken.problems.map(\.reason).sorted() == [
        "its name is no UTF-8", "neither file, folder nor link",
      ])
  }

  @Test func `A remembered digest saves reading, and what was read can be remembered`() throws {
    let folder = try TestFolder()
    for number in 1...200 { try folder.write("\(number)", to: "f\(number)") }
    let first = try snapshot(folder)
    #expect(first.computed.count == 200)
    let known = Dictionary(uniqueKeysWithValues: first.computed.map { ($0.path, $0) })
    // Unreadable: whoever opened a file would fail.
    for path in known.keys { chmod("\(folder.path)/\(path)", 0o000) }
    let asked = Mutex(0)
    let second = try WorkspaceSnapshot.take(of: folder.path, at: later) { path, stamp in
      asked.withLock { $0 += 1 }
      // chmod touched the change time, which a real cache would rightly distrust.
      return known[path]?.stamp.sizeBytes == stamp.sizeBytes ? known[path]?.digest : nil
    }
    #expect(asked.withLock { $0 } == 200)
    #expect(second.computed == [])
    #expect(second.manifest == first.manifest)
  }

  @Test func `A file that changed just now is read whatever a cache says`() throws {
    let folder = try TestFolder()
    try folder.write("new", to: "a")
    let now = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    let taken = try WorkspaceSnapshot.take(of: folder.path, at: now) { _, _ in Digest(of: "old") }
    #expect(
      taken.manifest.entries.map(\.content)
        == [.file(digest: Digest(of: "new"), sizeBytes: 3, isExecutable: false)])
    #expect(taken.computed == [])
  }

  @Test func `A file of more than a gigabyte is digested in constant memory`() throws {
    let folder = try TestFolder()
    let file = try Descriptor(opening: "\(folder.path)/huge", O_WRONLY | O_CREAT, mode: 0o600)
    #expect(ftruncate(file.number, 1_200_000_000) == 0)
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let before = usage.ru_maxrss
    let taken = try snapshot(folder)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #expect(usage.ru_maxrss - before < 100_000, "in KiB")
    #expect(
      taken.manifest.entries.first?.content
        == .file(
          digest: try FileHasher.digest(of: "\(folder.path)/huge"),
          sizeBytes: 1_200_000_000, isExecutable: false))
  }

  @Test func `A manifest is private, comes back whole, and a changed one is refused`() throws {
    let folder = try TestFolder()
    try folder.write("a", to: "w/quo\"te\n.txt")
    try folder.link("w/l", to: "quo")
    let manifest = try WorkspaceSnapshot.take(of: "\(folder.path)/w", at: later).manifest
    try SnapshotFile.write(manifest, in: "\(folder.path)/run")
    #expect(folder.mode("run/snapshot.json") == 0o600)
    #expect(try SnapshotFile.read(in: "\(folder.path)/run") == manifest)
    let text = try folder.text("run/snapshot.json")
    try folder.write(text.replacing("\"size\":1", with: "\"size\":2"), to: "run/snapshot.json")
    #expect(
      throws: SnapshotFile.Mistake.damaged(
        path: "\(folder.path)/run/snapshot.json", id: manifest.id)
    ) {
      try SnapshotFile.read(in: "\(folder.path)/run")
    }
    try folder.write("<html>", to: "run/snapshot.json")
    #expect(throws: SnapshotFile.Mistake.self) {
      try SnapshotFile.read(in: "\(folder.path)/run")
    }
  }
}

@Suite struct SnapshotCopyTests {
  private let later = Instant(milliseconds: 4_000_000_000_000)

  @Test func `A copy has the snapshot's name, and what is done in it does not reach the workspace`()
    throws
  {
    let folder = try TestFolder()
    try folder.write("a", to: "w/sub/a")
    try folder.write("#!/bin/sh\n", to: "w/run.sh")
    chmod("\(folder.path)/w/run.sh", 0o755)
    try folder.link("w/sub/up", to: "../run.sh")
    let manifest = try WorkspaceSnapshot.take(of: "\(folder.path)/w", at: later).manifest
    let outcome = try SnapshotCopy.make(
      of: manifest, from: "\(folder.path)/w", to: "\(folder.path)/copy")
    #expect(outcome == SnapshotCopy.Outcome())
    let copied = try WorkspaceSnapshot.take(of: "\(folder.path)/copy", at: later).manifest
    #expect(copied == manifest)
    try folder.write("changed", to: "copy/sub/a")
    #expect(try folder.text("w/sub/a") == "a")
  }

  @Test func `What changed, went or leads out since the snapshot is told`() throws {
    let folder = try TestFolder()
    for name in ["same", "changed", "gone", "swapped/x"] { try folder.write("1", to: "w/\(name)") }
    try folder.link("w/out", to: "../secret")
    try folder.link("w/absolute", to: "\(folder.path)/w/same")
    let manifest = try WorkspaceSnapshot.take(of: "\(folder.path)/w", at: later).manifest
    try folder.write("2", to: "w/changed")
    unlink("\(folder.path)/w/gone")
    try folder.write("secret", to: "elsewhere/x")
    try FileTree.remove("\(folder.path)/w/swapped")
    try folder.link("w/swapped", to: "\(folder.path)/elsewhere")
    let outcome = try SnapshotCopy.make(
      of: manifest, from: "\(folder.path)/w", to: "\(folder.path)/copy")
    #expect(outcome.changed == ["changed"])
    #expect(outcome.missing == ["gone", "swapped/x"])
    #expect(outcome.leftOut == ["absolute", "out"])
    #expect(try folder.names(in: "copy") == ["changed", "same", "swapped"])
    #expect(try folder.names(in: "copy/swapped") == [])
  }

  @Test(arguments: ["../x", "a/../../x", "/x", ""])
  func `A manifest whose paths lead out is refused`(path: String) throws {
    let folder = try TestFolder()
    try folder.write("x", to: "w/x")
    let manifest = SnapshotManifest([
      SnapshotEntry(
        path: path, content: .file(digest: Digest(of: "x"), sizeBytes: 1, isExecutable: false))
    ])
    #expect(throws: FilesError.self) {
      try SnapshotCopy.make(of: manifest, from: "\(folder.path)/w", to: "\(folder.path)/copy")
    }
    #expect(try folder.names() == [".footplate", "copy", "w"])
  }

  @Test(arguments: [
    ("a", "l", true), ("../a", "d/l", true), ("../a", "l", false), ("/a", "l", false),
    ("d/../a", "l", false), ("d/../a", "x/l", false), ("../../a", "d/e/l", true),
    ("../../../a", "d/e/l", false),
    ("./a", "l", true), ("", "l", false), ("..", "d/l", true),
  ])
  func `A link stays inside when its text does, wherever other links lead`(
    target: String, path: String, isInside: Bool
  ) {
    #expect(SnapshotLink.staysInside(target: target, at: path) == isInside)
  }
}

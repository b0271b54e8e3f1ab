// What may be published where: hostile paths, links that lead out, things that are no files.

import BatchModel
import Foundation
import Glibc
import Testing

@testable import DurableFiles

@Suite struct WorkspacePathTests {
  @Test(
    arguments: [
      ("", "is empty"), ("/etc/passwd", "is absolute"), ("..", "has the component `..`"),
      ("a/../../b", "has the component `..`"), ("./a", "has the component `.`"),
      ("a//b", "has an empty component"), ("a/", "has an empty component"),
      ("a\0b", "contains a NUL byte"),
      (String(repeating: "x", count: 256), "has a component of more than 255 bytes"),
      (String(repeating: "é", count: 128), "has a component of more than 255 bytes"),
      (String(repeating: "x/", count: 2100) + "x", "is longer than 4,095 bytes"),
      (".footplate/engine.lock", "lies in the private folder .footplate"),
    ])
  func `A path that is none is refused with its reason`(path: String, reason: String) {
    #expect(filesError { _ = try WorkspacePath(path) } == .invalidPath(path, reason: reason))
  }

  @Test(
    arguments: [
      "a", "a b/c d", "it's", "\"q\"", "new\nline", "$(touch x)", "\u{1b}[31m", "\u{202e}a", "-rf",
      "~", "a\\b", "...", ".hidden", "x/.footplate", String(repeating: "x", count: 255),
    ])
  func `A strange name is a name like any other`(path: String) throws {
    let folder = try TestFolder()
    let outcome = try folder.publisher.publish(try folder.intent(path, "text"))
    guard case .published = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(try folder.text(path) == "text")
  }
}

@Suite(.serialized) struct WorkspaceTests {
  @Test(arguments: [Workspace.Resolution.kernel, .componentwise])
  func `A folder link that leads out is refused and nothing is written behind it`(
    resolution: Workspace.Resolution
  ) throws {
    let outside = try TestFolder()
    let folder = try TestFolder(resolution: resolution)
    try folder.link("absolute", to: outside.path)
    try folder.link("relative", to: "..")
    for name in ["absolute/a.md", "relative/a.md", "absolute/new/a.md"] {
      let intent = try folder.intent(name, "text")
      let error = filesError { _ = try folder.publisher.publish(intent) }
      #expect(error == .leavesWorkspace(String(name.split(separator: "/")[0])), "\(name)")
    }
    #expect(try outside.names() == [".footplate"])
  }

  @Test func `A folder link that stays inside is followed`() throws {
    let folder = try TestFolder()
    mkdir("\(folder.path)/real", 0o755)
    try folder.link("alias", to: "real")
    _ = try folder.publisher.publish(try folder.intent("alias/new/a.md", "text"))
    #expect(try folder.text("real/new/a.md") == "text")
  }

  @Test func `Component by component a link inside is refused too and folders are made`() throws {
    let folder = try TestFolder(resolution: .componentwise)
    mkdir("\(folder.path)/real", 0o755)
    try folder.link("alias", to: "real")
    let intent = try folder.intent("alias/a.md", "text")
    #expect(
      filesError { _ = try folder.publisher.publish(intent) } == .leavesWorkspace("alias"))
    _ = try folder.publisher.publish(try folder.intent("real/deep/er/a.md", "text"))
    #expect(try folder.text("real/deep/er/a.md") == "text")
  }

  @Test
  func `A link at the target itself is a change like any other and is replaced, not followed`()
    throws
  {
    let folder = try TestFolder()
    try folder.write("theirs", to: "outside.txt")
    try folder.link("a.md", to: "outside.txt")
    let refused = try folder.publisher.publish(try folder.intent("a.md", "new"))
    guard case .targetChanged(let found) = refused else {
      Issue.record("\(refused)")
      return
    }
    var intent = try folder.intent("a.md", "new")
    intent.replaces = found
    guard case .published = try folder.publisher.publish(intent) else {
      Issue.record("not published over the link that was expected")
      return
    }
    #expect(try folder.text("outside.txt") == "theirs")
    #expect(try folder.text("a.md") == "new")
    var status = stat()
    #expect(lstat("\(folder.path)/a.md", &status) == 0 && status.isFile)
  }

  @Test func `A folder, a pipe and a file in the way are named`() throws {
    let folder = try TestFolder()
    mkdir("\(folder.path)/a.md", 0o755)
    mkfifo("\(folder.path)/pipe", 0o600)
    try folder.write("file", to: "file")
    let onFolder = try folder.intent("a.md", "x")
    #expect(
      filesError { _ = try folder.publisher.publish(onFolder) }
        == .notAFile("\(folder.path)/a.md", kind: "a folder"))
    let onPipe = try folder.intent("pipe", "x")
    #expect(
      filesError { _ = try folder.publisher.publish(onPipe) }
        == .notAFile("\(folder.path)/pipe", kind: "a named pipe"))
    let below = try folder.intent("file/a.md", "x")
    #expect(
      filesError { _ = try folder.publisher.publish(below) }
        == .system(operation: "open", path: "\(folder.path)/file", errno: ENOTDIR))
  }
}

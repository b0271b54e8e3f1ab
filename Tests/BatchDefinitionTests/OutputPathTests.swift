// Where a step may publish, judged after rendering.

import Testing

@testable import BatchDefinition

@Suite("Output paths")
struct OutputPathTests {
  @Test(
    "A path below the folder loses its dots and doubled slashes",
    arguments: [
      ("a", "a"), ("./a//b/./c.md", "a/b/c.md"), ("a..b/c..", "a..b/c.."), (" a\nb", " a\nb"),
      ("docs/.footplate/a", "docs/.footplate/a"),
    ])
  func accepted(path: String, normal: String) throws {
    #expect(try OutputPath.normalized(path) == normal)
  }

  @Test(
    "Any other path is refused",
    arguments: [
      ("", OutputPath.Refusal.empty), ("/a", .absolute), ("../a", .leavesTheFolder),
      ("a/../b", .leavesTheFolder), ("a/..", .leavesTheFolder), (".", .isFolder), ("a/", .isFolder),
      ("a/.", .isFolder), (".footplate/x", .ownFiles), ("./.footplate/x", .ownFiles),
      ("a\u{0}", .nulCharacter), (String(repeating: "a", count: 256), .tooLong),
      (String(repeating: "a/", count: 2048) + "a", .tooLong),
    ])
  func refused(path: String, refusal: OutputPath.Refusal) {
    #expect(throws: refusal) { try OutputPath.normalized(path) }
  }
}

// Where a glob's walk begins: as deep as it can, and never elsewhere than the glob means.

import BatchDefinition
import Testing

@Suite struct GlobRootTests {
  @Test(
    "Names before the first wildcard are a folder, and a glob of names alone is one path",
    arguments: [
      ("docs/api/*.md", "docs/api", "*.md"), ("docs/**/x.md", "docs", "**/x.md"),
      ("*.md", "", "*.md"), ("a/b.txt", "a/b.txt", nil), ("./a//b.txt", "a/b.txt", nil),
      ("a/[b]/c", "a", "[b]/c"), ("a/b?/c", "a", "b?/c"),
    ] as [(String, String, String?)])
  func parts(glob: String, folder: String, pattern: String?) {
    let root = GlobRoot(of: glob)
    #expect(root.folder == folder && root.pattern == pattern)
  }

  @Test(
    "What stands around a slash, and what is refused, is left to the walk",
    arguments: ["a/{b,c/d}/e", "a/b\\*", "/etc/passwd", "../x", "a/../b", "", "."])
  func whole(glob: String) {
    #expect(GlobRoot(of: glob).folder.isEmpty && GlobRoot(of: glob).pattern == glob)
  }
}

// What items the sources give.

import BatchModel
import Testing

@testable import BatchDefinition

/// Every item of a source, in chunks of 2, and what was left out.
func enumerate(
  _ items: String, in workspace: Workspace, output: [String] = []
) throws -> (items: [SourceItem], problems: [String]) {
  let source = try load(definition(items: items)).batch.items
  var pieces = output.map { Array($0.utf8) }
  let enumerator = try ItemEnumerator(
    source, folder: workspace.path, renderer: TemplateRenderer()
  ) { _ in { pieces.isEmpty ? nil : pieces.removeFirst() } }
  var found: [SourceItem] = []
  try enumerator.forEachChunk(of: 2) { chunk in
    #expect(chunk.count <= 2)
    found += chunk
  }
  #expect(enumerator.itemCount == found.count)
  #expect(enumerator.problemCount == enumerator.problems.count)
  return (found, enumerator.problems.map(\.description))
}

@Suite("Item sources")
struct ItemEnumeratorTests {
  @Test(
    "Lines end with a line feed, a carriage return before it, or the file's end",
    arguments: [
      ("a\nb\n", ["a", "b"]), ("a\nb", ["a", "b"]), ("a\r\nb\r\n", ["a", "b"]),
      ("\u{FEFF}a\n\n\nb", ["a", "b"]), (" a \n\tb", [" a ", "\tb"]), ("a\rb\n", ["a\rb"]),
      ("\u{2028}\n", ["\u{2028}"]), ("same\nsame\n", ["same", "same"]),
    ])
  func lines(text: String, keys: [String]) throws {
    let workspace = try Workspace()
    try workspace.write("a.txt", text)
    let (items, problems) = try enumerate("{lines: a.txt}", in: workspace)
    #expect(items.map(\.key) == keys)
    #expect(items.map { $0.payload["line"]?.string } == keys)
    #expect(problems == [])
  }

  @Test("Files come in the order of their paths' bytes")
  func glob() throws {
    let workspace = try Workspace()
    for name in ["a/b.c", "a.c", "a0.c", "a/z.h", "Z.c", "a/b/c.c", "ä.c"] {
      try workspace.write(name, "")
    }
    let (items, _) = try enumerate("{glob: \"**/*.c\"}", in: workspace)
    #expect(items.map(\.key) == ["Z.c", "a.c", "a/b.c", "a/b/c.c", "a0.c", "ä.c"])
    #expect(items.first?.payload == .object(["path": .string("Z.c")]))
  }

  @Test("A list gives its texts and mappings")
  func list() throws {
    let (items, _) = try enumerate("{list: [b, a, {id: 1}]}", in: try Workspace())
    #expect(items.map(\.key) == ["b", "a", #"{"id":1}"#])
  }
}

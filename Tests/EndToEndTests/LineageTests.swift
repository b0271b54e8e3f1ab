// `footplate lineage`: up to the sources and down to what was made, over steps, reruns and hooks.

import Foundation
import Testing

@Suite(.turn) struct LineageTests {
  private struct Graph: Decodable {
    var subject: String
    var present: String?
    var generations: [Int]
    var uses: [Int]
    var nodes: [Node]
    var complete: Bool
    func node(_ number: Int?) -> Node? { nodes.first { $0.number == number } }
  }
  private struct Node: Decodable {
    var number: Int
    var maker: String
    var item: String?
    var step: String?
    var attempt: Int?
    var why: String
    var newest: Bool
    var products: [File]
    var sources: [Source]
    var uses: [Int]
    func source(_ name: String) -> Source? { sources.first { $0.name == name } }
  }
  private struct File: Decodable {
    var path: String
    var digest: String?
    var standing: String
  }
  private struct Source: Decodable {
    var kind: String
    var name: String
    var digest: String?
    var standing: String
    var madeBy: Int?
  }

  /// Two steps an item; `top` comes after `base`; one script, one shared file.
  private static func folder() async throws -> BatchFolder {
    let folder = try BatchFolder()
    try folder.write("shared\n", to: "shared/words.txt")
    try folder.write("base text\n", to: "src/base.txt")
    try folder.write("top text\n", to: "src/top.txt")
    try folder.write("cat \"$1\" shared/words.txt\n", to: "draft.sh")
    try folder.write(
      """
      {"id": "base", "needs": []}
      {"id": "top", "needs": ["base"]}
      """, to: "in.jsonl")
    try folder.define(
      """
      items: {jsonl: in.jsonl, key: "{{id}}", after: "{{needs}}"}
      steps:
        - id: draft
          run: [sh, draft.sh, "src/{{id}}.txt"]
          reads: "shared/*.txt"
        - id: final
          run: 'tr a-z A-Z < {{draft.candidate}}'
          output: "out/{{id}}.txt"
      parallel: 1
      """)
    try await folder.run()
    return folder
  }

  private static func graph(_ folder: BatchFolder, _ arguments: String...) async throws -> Graph {
    let ended = try await folder.start(["lineage"] + arguments + ["--json"]).wait()
    #expect(ended.status == 0, "\(ended)")
    return try ended.document()
  }

  @Test("Up: the item, step and attempt, the earlier step, its files, and what it comes after")
  func up() async throws {
    let folder = try await Self.folder()
    let graph = try await Self.graph(folder, "out/top.txt", "--up")
    let final = try #require(graph.node(graph.generations.first))
    #expect(graph.generations.count == 1 && graph.complete && graph.uses.isEmpty)
    #expect(final.item == "top" && final.step == "final" && final.why == "new" && final.newest)
    #expect(final.products.map(\.path) == ["out/top.txt"])
    #expect(final.products[0].digest == graph.present && final.products[0].standing == "same")
    let draft = try #require(graph.node(final.source("draft")?.madeBy))
    #expect(draft.step == "draft" && draft.item == "top" && draft.products.isEmpty)
    #expect(Set(draft.sources.map(\.name)).isSuperset(of: ["src/top.txt", "shared/words.txt"]))
    #expect(draft.source("draft.sh")?.kind == "recipe")
    let before = try #require(draft.source("out/base.txt"))
    #expect(before.kind == "after" && before.standing == "same")
    #expect(graph.node(before.madeBy)?.item == "base")
    let text = try await folder.footplate("lineage", "out/top.txt", "--up")
    #expect(text.status == 0)
    #expect(text.output.contains("made by final of top, attempt"))
    #expect(text.output.contains("    from what draft left"))
    #expect(text.output.contains("from out/base.txt, which it comes after"))
    #expect(text.output.contains("from src/base.txt"))
    #expect(!text.output.contains("made from it"))
  }

  @Test("Down: everything that rests on a file, through steps and what comes after")
  func down() async throws {
    let folder = try await Self.folder()
    let graph = try await Self.graph(folder, "src/base.txt", "--down")
    #expect(graph.generations.isEmpty && graph.complete)
    var paths: Set<String> = []
    var front = graph.uses
    var seen: Set<Int> = []
    while let number = front.popLast() {
      guard seen.insert(number).inserted, let node = graph.node(number) else { continue }
      paths.formUnion(node.products.map(\.path))
      front += node.uses
    }
    #expect(paths == ["out/base.txt", "out/top.txt"])
    let shared = try await folder.footplate("lineage", "shared/words.txt")
    #expect(shared.output.contains("a source: no step published it"))
    #expect(shared.output.contains("made from it:"))
    #expect(shared.output.contains("out/base.txt") && shared.output.contains("out/top.txt"))
    let script = try await folder.footplate("lineage", "draft.sh", "--down")
    #expect(script.output.contains("out/top.txt"))
  }

  @Test("A rerun leaves the older form in the history, and a changed file is told as changed")
  func rerun() async throws {
    let folder = try await Self.folder()
    try folder.write("other text\n", to: "src/top.txt")
    let stale = try await Self.graph(folder, "out/top.txt", "--up")
    let final = try #require(stale.node(stale.generations.first))
    let draft = try #require(stale.node(final.source("draft")?.madeBy))
    #expect(draft.source("src/top.txt")?.standing == "changed")
    try await folder.run()
    let graph = try await Self.graph(folder, "out/top.txt")
    #expect(graph.generations.count == 2)
    let generations = graph.generations.compactMap { graph.node($0) }
    #expect(generations.map(\.newest) == [true, false])
    #expect(generations[0].products[0].digest == graph.present)
    #expect(generations[1].products[0].standing == "changed")
    #expect(generations[0].why.contains("step draft changed"))
    // Another definition is another run, and the history goes on.
    try folder.write(folder.text("footplate.yaml") + "stall: 9s\n", to: "footplate.yaml")
    try await folder.run()
    #expect(try await Self.graph(folder, "out/top.txt").generations == graph.generations)
    try folder.write("by hand", to: "out/top.txt")
    let text = try await folder.footplate("lineage", "out/top.txt")
    #expect(text.output.contains("changed since it was made"))
    #expect(text.output.contains("earlier: "))
    try folder.remove("out/top.txt")
    #expect(try await folder.footplate("lineage", "out/top.txt").output.contains("(gone)"))
  }

  @Test("What hooks told is a part of it, circles end, and a hook's attempt is named")
  func hooks() async throws {
    let folder = try await Self.folder()
    try folder.write("merged", to: "merged.txt")
    try folder.write("origin", to: "origin.txt")
    for (path, from) in [
      ("merged.txt", "out/top.txt"), ("origin.txt", "merged.txt"),
      ("merged.txt", "origin.txt"),
    ] {
      try folder.write(path + from, to: path)
      try await folder.footplate(
        "track", "merged", "\(folder.path)/\(path)", "--from", "\(folder.path)/\(from)",
        "--reason", "by an editor")
    }
    try await folder.run()
    let up = try await Self.graph(folder, "merged.txt", "--up")
    #expect(up.generations.count == 2)
    #expect(up.nodes.contains { $0.item == "top" && $0.step == "final" })
    let down = try await folder.footplate("lineage", "out/top.txt", "--down")
    #expect(down.status == 0)
    #expect(down.output.contains("merged.txt") && down.output.contains("merged as hook told"))
    #expect(down.output.contains("by an editor"))
    let circle = try await folder.footplate("lineage", "origin.txt")
    #expect(circle.status == 0 && circle.output.contains("(told above)"), "\(circle)")
  }

  @Test("Hostile names are quoted in a drawing, and harmless on the screen")
  func drawing() async throws {
    let folder = try BatchFolder()
    let names = [
      "a\"];evil [label=\"x", "back\\slash\\", "tab\there", "{curly|<html>&amp;}", "ä 字",
    ]
    try folder.write(
      try names.map { String(decoding: try JSONEncoder().encode(["id": $0]), as: UTF8.self) }
        .joined(separator: "\n"), to: "in.jsonl")
    try folder.define(
      """
      items: {jsonl: in.jsonl, key: "{{id}}"}
      steps: [{id: one, run: [echo, "{{id}}"], output: "out/{{id}}.txt"}]
      """)
    try await folder.run()
    for name in names {
      let drawn = try await folder.footplate("lineage", "out/\(name).txt", "--dot")
      #expect(drawn.status == 0, "\(drawn)")
      let problem = Self.problem(inDrawing: drawn.output)
      #expect(problem == nil, "\(problem ?? "") in \(drawn.output)")
      let text = try await folder.footplate("lineage", "out/\(name).txt")
      #expect(text.status == 0 && !text.output.contains("\t"), "\(text)")
    }
  }

  /// A statement a line: an attribute, a node with attributes, or an arrow; strings closed in it.
  private static func problem(inDrawing text: String) -> String? {
    let lines = text.split(separator: "\n")
    guard lines.first == "digraph lineage {", lines.last == "}" else { return "no graph" }
    let string = #""(?:[^"\\\x00-\x1f]|\\.)*""#
    let patterns = [
      "^  (rankdir=LR|label=\(string)|node \\[shape=box\\]);$",
      "^  [fm][0-9]+ \\[(shape=ellipse(, style=dashed)?, )?label=\(string)\\];$",
      "^  [fm][0-9]+ -> [fm][0-9]+;$",
    ]
    for line in lines.dropFirst().dropLast() {
      let isKnown = patterns.contains {
        line.range(of: $0, options: .regularExpression) != nil
      }
      if !isKnown { return String(line) }
    }
    return nil
  }

  @Test("A path is taken from where one stands; what is unknown, outside or no file is said")
  func paths() async throws {
    let folder = try await Self.folder()
    try folder.write("TOP TEXT\nSHARED\n", to: "copy.txt")
    try folder.write("never seen", to: "strange.txt")
    let here = try await folder.tool(
      "/bin/sh", ["-c", "cd \(folder.path)/out && \(BatchFolder.program) lineage top.txt --up"])
    #expect(here.status == 0 && here.output.contains("made by final of top"), "\(here)")
    let digest = try #require(try await Self.graph(folder, "out/top.txt").present)
    let byContent = try await folder.footplate("lineage", digest)
    #expect(byContent.output.contains("made by final of top"))
    for (path, said) in [
      ("strange.txt", "nothing is recorded of it"), ("nowhere/x", "footplate receipts"),
      ("/etc/passwd", "outside of the workspace"), ("../x", "outside of the workspace"),
      ("out", "no file"), ("copy.txt", "published as out/top.txt"), ("sha256:12", "no digest"),
    ] {
      let ended = try await folder.footplate("lineage", path)
      #expect(ended.status == 2 && ended.complaints.contains(said), "\(path): \(ended)")
    }
    #expect(try await folder.footplate("lineage", "out/top.txt", "--up", "--down").status == 2)
    #expect(try await folder.footplate("lineage", "out/top.txt", "--depth", "0").status == 2)
    let cut = try await Self.graph(folder, "out/top.txt", "--up", "--depth", "1")
    let whole = try await Self.graph(folder, "out/top.txt", "--up")
    #expect(!cut.complete && whole.complete && cut.nodes.count < whole.nodes.count)
    let empty = try BatchFolder()
    try empty.define("items: {list: [a]}\nsteps: [{id: one, run: 'true'}]")
    let early = try await empty.footplate("lineage", "x")
    #expect(early.status == 2 && early.complaints.contains("footplate run"), "\(early)")
  }

  @Test("A store that is rebuilt from its ledger tells the same lineage, and verifies")
  func rebuilt() async throws {
    let folder = try await Self.folder()
    try folder.write("x", to: "x.txt")
    try await folder.footplate(
      "track", "created", "\(folder.path)/x.txt", "--from", "\(folder.path)/out/base.txt")
    try await folder.run()
    let before = try await folder.footplate("lineage", "src/base.txt", "--json").output
    #expect(before.contains("x.txt"))
    let verified = try await folder.footplate("ledger", "--verify")
    #expect(verified.status == 0, "\(verified)")
    for name in ["footplate.db", "footplate.db-wal", "footplate.db-shm"]
    where folder.exists(".footplate/\(name)") { try folder.remove(".footplate/\(name)") }
    let fixed = try await folder.footplate("doctor", "--fix")
    #expect(fixed.status == 0, "\(fixed)")
    #expect(try await folder.footplate("lineage", "src/base.txt", "--json").output == before)
  }

  @Test("A row is told by what the source says of it; a collected file says where to look")
  func rows() async throws {
    let folder = try BatchFolder()
    try folder.write("id,text\n1,fine\n2,good\n", to: "rows.csv")
    try folder.define(
      """
      items: {csv: rows.csv, key: "{{id}}"}
      steps: [{id: one, run: 'echo {{text}}', output: "out/{{id}}"}]
      collect: {to: all.jsonl, row: {id: "{{id}}"}}
      """)
    try await folder.run()
    let text = try await folder.footplate("lineage", "out/2")
    #expect(text.output.contains("from what the source says of 2"), "\(text)")
    let collected = try await folder.footplate("lineage", "all.jsonl")
    #expect(collected.status == 2 && collected.complaints.contains("collected from the results"))
  }
}

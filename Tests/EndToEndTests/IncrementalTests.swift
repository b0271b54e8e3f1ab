// What a change makes run again: what rests on it, and nothing else; plan says so before, why after.

import Foundation
import Testing

@Suite(.turn) struct IncrementalTests {
  private struct Planned: Decodable, Equatable {
    var item: String
    var fate: String
    var why: String
  }

  /// What a plan says of the items that are not just kept, by key.
  private static func plan(_ folder: BatchFolder) async throws -> [String: Planned] {
    let lines: [Planned] = try await folder.footplate("plan", "--json").records()
    return Dictionary(
      lines.filter { $0.fate != "kept" }.map { ($0.item, $0) }, uniquingKeysWith: { $1 })
  }

  /// Runs the batch; gives what was executed.
  private static func run(_ folder: BatchFolder) async throws -> [String] {
    let before = folder.executions.count
    try await folder.run()
    return Array(folder.executions.dropFirst(before))
  }

  /// a → b → c and d alone; an artifact is the first line of the source and what stands before it.
  private static func chain() async throws -> BatchFolder {
    let folder = try BatchFolder()
    // The source names them in no helpful order.
    try folder.write(
      """
      {"id": "c", "needs": ["b"], "up": "b"}
      {"id": "a", "needs": [], "up": "none"}
      {"id": "d", "needs": [], "up": "none"}
      {"id": "b", "needs": ["a"], "up": "a"}
      """, to: "in.jsonl")
    for id in ["a", "b", "c", "d"] { try folder.write("\(id)\n", to: "src/\(id).txt") }
    try folder.define(
      """
      items: {jsonl: in.jsonl, key: "{{id}}", after: "{{needs}}"}
      steps:
        - id: one
          run: |
            echo {{id}} >> "$COUNT"
            head -n 1 src/{{id}}.txt
            if test -e out/{{up}}; then cat out/{{up}}; fi
          reads: "src/{{id}}.txt"
          output: "out/{{id}}"
      parallel: 2
      """)
    #expect(try await run(folder).sorted() == ["a", "b", "c", "d"])
    return folder
  }

  @Test("A change flows downstream as far as artifacts change, and nothing else runs")
  func flows() async throws {
    let folder = try await Self.chain()
    #expect(try await Self.plan(folder).isEmpty)
    #expect(try await Self.run(folder).isEmpty)
    try folder.write("A\n", to: "src/a.txt")
    let planned = try await Self.plan(folder)
    #expect(planned["a"]?.fate == "runs" && planned["a"]?.why == "file src/a.txt changed")
    #expect(planned["b"]?.fate == "follows" && planned["b"]?.why.hasPrefix("after a,") == true)
    #expect(planned["c"]?.fate == "follows" && planned["c"]?.why.hasPrefix("after b,") == true)
    #expect(planned.count == 3)
    let summary = try await folder.footplate("plan")
    #expect(summary.output.contains("4 items: 1 would run, 1 unchanged"), "\(summary)")
    #expect(summary.output.contains("2 come after those"))
    #expect(try await Self.run(folder) == ["a", "b", "c"])
    #expect(folder.text("out/c") == "c\nb\nA\n")
    for (item, change) in [("a", "file src/a.txt"), ("b", "after out/a"), ("c", "after out/b")] {
      let why = try await folder.footplate("why", item)
      #expect(why.output.contains("one try 1 ran: \(change) changed"), "\(why)")
    }
    // The second line of a's source is no part of its artifact: what comes after it stays.
    try folder.write("A\nmore\n", to: "src/a.txt")
    #expect(try await Self.plan(folder).count == 3)
    #expect(try await Self.run(folder) == ["a"])
    #expect(try await Self.run(folder).isEmpty)
    #expect(try await Self.plan(folder).isEmpty)
  }

  @Test("An item that is done again by request takes those that come after it along")
  func retried() async throws {
    let folder = try await Self.chain()
    try folder.write(
      folder.text("footplate.yaml").replacing("head -n 1 src/{{id}}.txt", with: "date +%s%N"),
      to: "footplate.yaml")
    try await folder.run("--refresh")
    let before = folder.executions.count
    try await folder.footplate("retry", "a", "--force")
    try await folder.run()
    #expect(Array(folder.executions.dropFirst(before)) == ["a", "b", "c"])
  }

  @Test(
    "A new, a changed and a removed file of a reads glob run exactly the items again that read it")
  func readsGlob() async throws {
    let folder = try BatchFolder()
    for group in ["g1", "g2"] { try folder.write("1", to: "shared/\(group)/one.txt") }
    try folder.write(
      """
      {"id": "x", "group": "g1"}
      {"id": "y", "group": "g2"}
      {"id": "z", "group": "g3"}
      """, to: "in.jsonl")
    try folder.define(
      """
      items: {jsonl: in.jsonl, key: "{{id}}"}
      steps:
        - id: one
          run: 'echo {{id}} >> "$COUNT"; cat shared/{{group}}/*.txt 2>/dev/null || true; echo'
          reads: ["shared/{{group}}/*.txt", "extra/{{id}}.cfg"]
          output: "out/{{id}}"
      parallel: 1
      """)
    #expect(try await Self.run(folder) == ["x", "y", "z"])
    func expect(_ items: [String: String], _ comment: Comment) async throws {
      let planned = try await Self.plan(folder)
      #expect(planned.mapValues(\.why) == items, comment)
      #expect(try await Self.run(folder) == items.keys.sorted(), comment)
      for (item, change) in items {
        #expect(try await folder.footplate("why", item).output.contains("ran: \(change)"), comment)
      }
      #expect(try await Self.run(folder).isEmpty, comment)
    }
    try folder.write("2", to: "shared/g1/two.txt")
    try await expect(["x": "file shared/g1/two.txt added"], "a new file")
    try folder.write("22", to: "shared/g1/two.txt")
    try await expect(["x": "file shared/g1/two.txt changed"], "a changed file")
    try folder.remove("shared/g1/one.txt")
    try await expect(["x": "file shared/g1/one.txt removed"], "a removed file")
    try folder.write("3", to: "shared/g3/deep.txt")
    try await expect(["z": "file shared/g3/deep.txt added"], "a new folder")
    try folder.write("4", to: "extra/y.cfg")
    try await expect(["y": "file extra/y.cfg added"], "a file without a wildcard")
    try folder.write("5", to: "shared/g1/sub/no.txt")
    try await expect([:], "a file that no glob means")
    let verified = try await folder.footplate("ledger", "--verify")
    #expect(verified.status == 0, "\(verified)")
  }

  @Test("A file that changed between two items of one run is noticed by the next run")
  func betweenItems() async throws {
    let folder = try BatchFolder()
    try folder.write("old", to: "shared.txt")
    try folder.write(
      """
      {"id": "early", "needs": [], "reads": "shared.txt"}
      {"id": "writer", "needs": ["early"], "reads": "none.txt"}
      {"id": "late", "needs": ["writer"], "reads": "shared.txt"}
      """, to: "in.jsonl")
    try folder.define(
      """
      items: {jsonl: in.jsonl, key: "{{id}}", after: "{{needs}}"}
      steps:
        - id: one
          run: |
            echo {{id}} >> "$COUNT"
            if test {{id}} = writer; then printf new > shared.txt; echo w; else cat shared.txt; fi
          reads: "{{reads}}"
          output: "out/{{id}}"
      """)
    #expect(try await Self.run(folder) == ["early", "writer", "late"])
    #expect(folder.text("out/early") == "old" && folder.text("out/late") == "new")
    let planned = try await Self.plan(folder)
    #expect(planned["early"]?.why == "file shared.txt changed")
    // The writer comes after it; what it writes is the same, so the last one stays.
    #expect(try await Self.run(folder) == ["early", "writer"])
    #expect(folder.text("out/early") == "new")
    #expect(try await Self.plan(folder).isEmpty)
    #expect(try await Self.run(folder).isEmpty)
  }

  @Test("A glob that matches hundreds of files is one line of a key, and each file still counts")
  func manyFiles() async throws {
    let folder = try BatchFolder()
    for number in 1...300 { try folder.write("\(number)", to: "shared/f\(number).txt") }
    try folder.define(
      """
      items: {list: [a, b]}
      steps:
        - id: one
          run: 'echo {{line}} >> "$COUNT"; cat shared/*.txt | cksum'
          reads: "shared/*.txt"
          output: "out/{{line}}"
      parallel: 1
      """)
    #expect(try await Self.run(folder) == ["a", "b"])
    let receipts = try await folder.footplate("receipts", "a", "--json")
    #expect(receipts.output.contains("\"reads shared/*.txt\""))
    #expect(!receipts.output.contains("file shared/f7.txt"))
    #expect(try await Self.plan(folder).isEmpty)
    #expect(try await Self.run(folder).isEmpty)
    for (name, change) in [("f7", "changed"), ("f301", "added")] {
      try folder.write("other", to: "shared/\(name).txt")
      let planned = try await Self.plan(folder)
      let why = "file shared/\(name).txt \(change)"
      #expect(planned["a"]?.why == why && planned.count == 2, "\(planned)")
      #expect(try await Self.run(folder) == ["a", "b"])
      #expect(try await folder.footplate("why", "b").output.contains("ran: \(why)"))
    }
    let down = try await folder.footplate("lineage", "shared/f301.txt", "--down")
    #expect(down.output.contains("out/a") && down.output.contains("out/b"), "\(down)")
    let never = try await folder.footplate("lineage", "shared/none.txt")
    #expect(never.status == 2)
    let up = try await folder.footplate("lineage", "out/a", "--up")
    #expect(up.output.contains("from the files of shared/*.txt"), "\(up)")
    try await folder.footplate("gc", "--all")
    #expect(try await folder.footplate("ledger", "--verify").status == 0)
    #expect(try await folder.footplate("lineage", "shared/f7.txt").output.contains("out/a"))
  }
}

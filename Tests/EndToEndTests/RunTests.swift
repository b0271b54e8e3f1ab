// The main job: a batch runs to its end, and a second run does only what is left to do.

import Foundation
import Testing

@Suite(.turn) struct RunTests {
  /// Three text files; each is copied in capitals, and the command counts itself.
  private func capitals() throws -> BatchFolder {
    let batch = try BatchFolder()
    for name in ["a", "b", "c"] { try batch.write("text of \(name)\n", to: "in/\(name).txt") }
    try batch.define(
      """
      items: {glob: "in/*.txt"}
      steps:
        - id: capitals
          run: |
            echo {{key}} >> "$COUNT"
            tr a-z A-Z < {{path}}
          output: "out/{{stem}}.txt"
      checks:
        - nonempty: true
      parallel: 2
      retry: {attempts: 2, base: 10ms, cap: 20ms}
      """)
    return batch
  }

  @Test("A variable of the environment changes how a run is worked on, and begins no other run")
  func environment() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [a, b]}
      steps: [{id: t, run: "echo {{key}} >> \\"$COUNT\\"; test $COUNT_MAX -gt 0"}]
      env: {COUNT_MAX: "0"}
      """)
    // One try each, and not the four of the definition.
    let ended = try await batch.footplate(
      "run", "--headless", environment: ["FOOTPLATE_RETRY_ATTEMPTS": "1"])
    #expect(ended.status == 1, "\(ended)")
    #expect(batch.executions.sorted() == ["a", "b"])
    let run = try await batch.status().run
    try await batch.run(exits: 1)
    #expect(try await batch.status().run == run)
  }

  @Test("A batch runs to its end, and every result is published")
  func finishes() async throws {
    let batch = try capitals()
    let ended = try await batch.run()
    #expect(ended.lastLine == "finished, nothing failed")
    #expect(batch.text("out/a.txt") == "TEXT OF A\n")
    #expect(batch.text("out/c.txt") == "TEXT OF C\n")
    #expect(batch.executions.sorted() == ["in/a.txt", "in/b.txt", "in/c.txt"])
    let status = try await batch.status()
    #expect(status.state == "finished")
    #expect(status.items.done == 3)
    #expect(!status.engine.alive)
  }

  @Test("A second run does nothing and says why")
  func skipsAll() async throws {
    let batch = try capitals()
    try await batch.run()
    let again = try await batch.run()
    #expect(batch.executions.count == 3)
    #expect(again.output.contains("3 items ended earlier and are unchanged: skipped"))
    let fresh = try await batch.run("--no-resume")
    #expect(batch.executions.count == 3)
    #expect(fresh.output.contains("skip in/a.txt (unchanged: a receipt covers it)"))
    let why = try await batch.footplate("why", "in/a.txt")
    #expect(why.output.contains("in/a.txt skipped (unchanged: a receipt covers it)"))
  }

  @Test("An edited file reruns its item alone, and why names the change")
  func runsWhatChanged() async throws {
    let batch = try capitals()
    try await batch.run()
    try batch.write("another text\n", to: "in/b.txt")
    let again = try await batch.run()
    #expect(again.output.contains("1 changed"))
    #expect(batch.executions.count == 4)
    #expect(batch.executions.last == "in/b.txt")
    #expect(batch.text("out/b.txt") == "ANOTHER TEXT\n")
    let why = try await batch.footplate("why", "in/b.txt")
    #expect(why.output.contains("file in/b.txt changed"))
    let untouched = try await batch.footplate("why", "in/a.txt")
    #expect(!untouched.output.contains("changed"))
  }

  @Test("A file that was touched and not changed reruns nothing")
  func contentDecides() async throws {
    let batch = try capitals()
    try await batch.run()
    try batch.write("text of b\n", to: "in/b.txt")
    try await batch.run()
    #expect(batch.executions.count == 3)
  }

  @Test("A removed output is restored from its object, not made again")
  func restores() async throws {
    let batch = try capitals()
    try await batch.run()
    try batch.remove("out/a.txt")
    try await batch.run()
    #expect(batch.executions.count == 3)
    #expect(batch.text("out/a.txt") == "TEXT OF A\n")
  }

  @Test(
    "A target that a person changed is not overwritten, until --force, which keeps its old form")
  func keepsHandwork() async throws {
    let batch = try capitals()
    try await batch.run()
    try batch.write("by hand\n", to: "out/a.txt")
    try batch.write("new text\n", to: "in/a.txt")
    let refused = try await batch.run(exits: 1)
    #expect(batch.text("out/a.txt") == "by hand\n")
    #expect(refused.output.contains("out/a.txt was changed by hand"))
    #expect(refused.lastLine == "finished, 1 failed: footplate run --retry-failed")
    let retry = try await batch.footplate("retry", "in/a.txt", "--force")
    #expect(retry.status == 0, "\(retry)")
    try await batch.run()
    #expect(batch.text("out/a.txt") == "NEW TEXT\n")
    let kept = Files.tree("\(batch.path)/.footplate/objects").contains {
      batch.text(".footplate/objects/\($0)") == "by hand\n"
    }
    #expect(kept, "the old form is among the objects")
  }

  @Test("Equal lines are two items; moved and inserted lines rerun nobody")
  func identityIsNoPosition() async throws {
    let batch = try BatchFolder()
    try batch.write("x\ny\nx\n", to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps:
        - {id: one, run: 'echo {{line}}:{{occurrence}} >> "$COUNT"'}
      """)
    try await batch.run()
    #expect(batch.executions.sorted() == ["x:1", "x:2", "y:1"])
    try batch.write("z\nx\nx\ny\n", to: "in.txt")
    try await batch.run()
    #expect(batch.executions.count == 4)
    #expect(batch.executions.last == "z:1")
    let items = try await batch.items()
    #expect(items.map(\.key) == ["z", "x", "x", "y"])
    #expect(items.map(\.occurrence) == [1, 1, 2, 1])
  }

  @Test("A vanished line's item is cancelled as gone, and taken up when it comes back")
  func vanishes() async throws {
    let batch = try BatchFolder()
    try batch.write("x\ny\n", to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps:
        - {id: one, run: 'echo {{line}} >> "$COUNT"'}
      """)
    try await batch.run()
    try batch.write("x\n", to: "in.txt")
    let gone = try await batch.run()
    #expect(gone.output.contains("1 gone"))
    try batch.write("y\nx\n", to: "in.txt")
    try await batch.run()
    #expect(batch.executions.sorted() == ["x", "y"], "a receipt covers it")
  }

  @Test("A changed command keeps what is done; --refresh and --force run it again")
  func olderRecipe() async throws {
    let batch = try capitals()
    try await batch.run()
    let changed = batch.text("footplate.yaml")
      .replacingOccurrences(of: "tr a-z A-Z", with: "tr a-y A-Y")
    try batch.write(changed, to: "footplate.yaml")
    let plan = try await batch.footplate("plan")
    #expect(plan.output.contains("3 done with an older recipe: kept (--refresh runs them again)"))
    try await batch.run()
    #expect(batch.executions.count == 3)
    let why = try await batch.footplate("why", "in/a.txt")
    #expect(why.output.contains("older recipe"))
    try await batch.run("--refresh")
    #expect(batch.executions.count == 6)
    let refreshed = try await batch.footplate("why", "in/a.txt")
    #expect(refreshed.output.contains("arguments changed"))
    try await batch.run("--force")
    #expect(batch.executions.count == 9)
  }

  @Test("rerun_on: recipe makes a changed prompt run again")
  func rerunOnRecipe() async throws {
    let batch = try BatchFolder()
    try batch.write("first\n", to: "prompt.md")
    try batch.define(
      """
      items: {list: [a, b]}
      rerun_on: [input, recipe]
      steps:
        - {id: ask, run: [sh, -c, 'cat >> "$COUNT"'], prompt: prompt.md}
      """)
    try await batch.run()
    #expect(batch.executions == ["first", "first"])
    try batch.write("second\n", to: "prompt.md")
    try await batch.run()
    #expect(batch.executions == ["first", "first", "second", "second"])
  }

  @Test("A file that a step reads and the artifacts of after items are inputs")
  func readsAndAfter() async throws {
    let batch = try BatchFolder()
    try batch.write("1", to: "extra/one.txt")
    try batch.write(
      """
      {"id": "top", "needs": ["base"]}
      {"id": "base", "needs": []}
      {"id": "other", "needs": []}
      """, to: "in.jsonl")
    try batch.write("base text\n", to: "base.txt")
    try batch.define(
      """
      items:
        jsonl: in.jsonl
        key: "{{id}}"
        after: "{{needs}}"
      steps:
        - id: one
          run: 'echo {{id}} >> "$COUNT"; cat extra/*.txt; cat {{id}}.txt 2>/dev/null || true; echo'
          output: "out/{{id}}"
          reads: "{{id}}.txt"
      parallel: 1
      """)
    try await batch.run()
    #expect(batch.executions.first != "top")
    try batch.write("base changed\n", to: "base.txt")
    try await batch.run()
    #expect(batch.executions.count == 5, "\(batch.executions)")
    #expect(batch.executions.suffix(2) == ["base", "top"])
    let why = try await batch.footplate("why", "top")
    #expect(why.output.contains("after out/base changed"))
  }
}

// What `run` is told to run: some of the items, the failed ones, one, or a plan of all.

import Foundation
import Testing

@Suite(.turn) struct SelectionTests {
  /// Items that count themselves; those whose line begins with `bad` fail while `fail` stands.
  private func batch(_ lines: [String]) throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.write(lines.joined(separator: "\n") + "\n", to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps:
        - id: one
          run: |
            echo {{line}} >> "$COUNT"
            case {{line}} in bad*) test ! -e "$FAIL" || { echo broken pipe >&2; exit 4; };; esac
            echo {{line}}
          output: "out/{{line}}"
      parallel: 1
      retry: {attempts: 1}
      """)
    return batch
  }

  private func failing(_ batch: BatchFolder) -> [String: String] {
    ["FAIL": batch.path + "/footplate.yaml"]
  }

  @Test("--only runs what matches, and says when nothing does")
  func only() async throws {
    let batch = try batch(["a1", "a2", "b1"])
    let ended = try await batch.run("--only", "a*")
    #expect(batch.executions.sorted() == ["a1", "a2"])
    #expect(ended.lastLine.contains("footplate run goes on"))
    let nothing = try await batch.footplate("run", "--headless", "--only", "z*")
    #expect(nothing.status == 2)
    #expect(nothing.complaints.contains("z*: no item that is left to do matches"))
    try await batch.run()
    #expect(batch.executions.last == "b1")
  }

  @Test("--limit and next run so many, in source order")
  func limit() async throws {
    let batch = try batch(["a", "b", "c", "d"])
    try await batch.run("--limit", "2")
    #expect(batch.executions.sorted() == ["a", "b"])
    let next = try await batch.footplate("next")
    #expect(next.status == 0, "\(next)")
    #expect(batch.executions.last == "c")
    let status = try await batch.status()
    #expect(status.state == "stopped")
    #expect(status.items.queued == 1)
  }

  @Test("--sample draws the same items for the same seed")
  func sample() async throws {
    let lines = (1...30).map { "i\($0)" }
    let first = try batch(lines)
    let second = try batch(lines)
    try await first.run("--sample", "5", "--seed", "7")
    try await second.run("--sample", "5", "--seed", "7")
    #expect(first.executions.count == 5)
    #expect(first.executions.sorted() == second.executions.sorted())
    #expect(first.executions.sorted() != ["i1", "i2", "i3", "i4", "i5"])
  }

  @Test("Failed items end with 1, are grouped, and run again with --retry-failed alone")
  func retriesFailed() async throws {
    let batch = try batch(["bad1", "good", "bad2"])
    let fail = failing(batch)
    let ended = try await batch.footplate("run", "--headless", environment: fail)
    #expect(ended.status == 1)
    #expect(ended.lastLine == "finished, 2 failed: footplate run --retry-failed")
    let groups: [GroupRecord] = try await batch.footplate("failures", "--json").document()
    #expect(groups.map(\.count) == [2])
    #expect(groups.first?.signature.contains("broken pipe") == true)
    let group = try await batch.footplate("failures", "--group", groups.first?.group ?? "")
    #expect(group.output.contains("bad1") && group.output.contains("bad2"))
    // A plain run leaves them alone and says what would not.
    let plain = try await batch.run(exits: 1)
    #expect(batch.executions.count == 3)
    #expect(plain.lastLine == "finished, 2 failed: footplate run --retry-failed")
    try await batch.run("--retry-failed")
    #expect(batch.executions.count == 5)
    #expect(batch.executions.suffix(2).sorted() == ["bad1", "bad2"])
    #expect(try await batch.status().items.done == 3)
  }

  @Test("retry takes a key, a unique ending, an ordinal, a group, and keys on standard input")
  func retryNames() async throws {
    let batch = try batch(["bad-one", "bad-two", "bad-three", "bad-four"])
    try await batch.footplate("run", "--headless", environment: failing(batch))
    #expect(try await batch.footplate("retry", "bad-one").output.contains("1 items changed"))
    #expect(try await batch.footplate("retry", "#2").status == 0)
    #expect(try await batch.footplate("retry", "three").status == 0)
    let unclear = try await batch.footplate("retry", "e")
    #expect(unclear.status == 2)
    #expect(unclear.complaints.contains("could be"))
    let unknown = try await batch.footplate("retry", "bad-five")
    #expect(unknown.status == 2)
    #expect(unknown.complaints.contains("bad-five: no such item"))
    var states = try await batch.states()
    #expect(
      states == [
        "bad-one": "queued", "bad-two": "queued", "bad-three": "queued",
        "bad-four": "failed",
      ])
    let piped = try await batch.tool(
      "/bin/sh", ["-c", "echo bad-four | \(BatchFolder.program) retry - -C \(batch.path)"])
    #expect(piped.status == 0, "\(piped)")
    states = try await batch.states()
    #expect(states["bad-four"] == "queued")
    let group = try await batch.footplate("retry", "--group", "G-99")
    #expect(group.status == 2)
    #expect(group.complaints.contains("G-99: no such group"))
  }

  @Test("A skipped item is not run, a cancelled one neither, and both are said")
  func skipAndCancel() async throws {
    let batch = try batch(["a", "b", "c"])
    try await batch.run("--limit", "1")
    try await batch.footplate("skip", "b", "--reason", "not today")
    try await batch.footplate("cancel", "c")
    try await batch.run()
    #expect(batch.executions == ["a"])
    #expect(try await batch.states() == ["a": "done", "b": "skipped", "c": "cancelled"])
    let why = try await batch.footplate("why", "b")
    #expect(why.output.contains("skipped by hand"))
    #expect(why.output.contains("not today"))
  }

  @Test("plan says what a run would do and writes nothing")
  func plan() async throws {
    let batch = try batch(["a", "b"])
    let first = try await batch.footplate("plan")
    #expect(first.output.contains("2 items: 2 would run, 0 unchanged"))
    #expect(!batch.exists(".footplate"))
    try await batch.run("--limit", "1")
    let second = try await batch.footplate("run", "--dry-run")
    #expect(second.output.contains("2 items: 1 would run, 1 unchanged"))
    #expect(second.output.contains("runs one  b  (new)"))
    #expect(batch.executions == ["a"])
  }

  @Test("plan names what the source has that is no item")
  func planProblems() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [{id: a}, {id: b, needs: x}], key: "{{id}}", after: "{{needs}}"}
      steps: [{id: one, run: "true"}]
      """)
    let plan = try await batch.footplate("plan")
    #expect(plan.complaints.contains("items.list:1: unknown variable {{needs}}"), "\(plan)")
    #expect(plan.output.contains("1 items: 1 would run"))
  }

  @Test("render shows the exact words, with every value quoted")
  func render() async throws {
    let batch = try batch(["it's; $(rm -rf /)"])
    let ended = try await batch.footplate("render", "#1")
    #expect(ended.status == 0)
    #expect(ended.output.contains(#"echo 'it'\''s; $(rm -rf /)' >> "$COUNT""#))
    #expect(ended.output.contains("output out/"))
  }

  @Test("A changed definition supersedes the run, which cannot be resumed")
  func superseded() async throws {
    let batch = try batch(["a", "b"])
    try await batch.run("--limit", "1")
    let first = try await batch.status().run
    try batch.write(batch.text("footplate.yaml") + "stall: 9s\n", to: "footplate.yaml")
    try await batch.run()
    #expect(batch.executions.sorted() == ["a", "b"])
    #expect(try await batch.status().run != first)
    let refused = try await batch.footplate("run", "--headless", "--resume=\(first)")
    #expect(refused.status != 0 && refused.status != 1)
    #expect(refused.complaints.contains(first))
    let runs = try await batch.footplate("runs")
    #expect(runs.lines.count == 2)
    #expect(runs.output.contains("superseded"))
  }

  @Test("Every line of --json is an event, and names its item")
  func events() async throws {
    let batch = try batch(["a", "b"])
    let ended = try await batch.run("--json")
    let events = try ended.lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let types = events.compactMap { ($0["event"] as? [String: Any])?["type"] as? String }
    #expect(types.count == events.count)
    #expect(types.contains("step.done"))
    let items = Set(events.compactMap { $0["item"] as? String })
    #expect(items == ["a", "b"])
  }

  @Test("Wrong usage and wrong definitions end with 2 and say all that is wrong")
  func mistakes() async throws {
    let batch = try batch(["a"])
    #expect(try await batch.footplate("run", "--parallel", "0").status == 2)
    #expect(try await batch.footplate("fly").status == 2)
    try batch.write(
      """
      version: 1
      name: x
      items: {lnes: in.txt}
      steps:
        - {id: one, run: "echo {{lin}}", outputs: x}
      """, to: "footplate.yaml")
    let wrong = try await batch.footplate("run", "--headless")
    #expect(wrong.status == 2)
    #expect(wrong.complaints.contains("footplate.yaml:3:9"))
    #expect(wrong.complaints.contains("lines"))
    #expect(wrong.complaints.contains("footplate.yaml:5:"))
    #expect(wrong.complaints.contains("output"))
    #expect(!batch.exists(".footplate"))
  }

  @Test("An empty source is refused with a clear sentence, and nothing is thrown away")
  func emptySource() async throws {
    let batch = try batch(["a"])
    try await batch.run()
    try batch.write("", to: "in.txt")
    let ended = try await batch.footplate("run", "--headless")
    #expect(ended.status == 2)
    #expect(ended.complaints.contains("in.txt"))
    #expect(try await batch.states() == ["a": "done"])
  }
}

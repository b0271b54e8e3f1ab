// The levers of a person at a run: holds, slots, retries that try a few items first, and edits.

import Foundation
import Glibc
import Testing

@Suite("Levers", .turn) struct LeverTests {
  private struct Levers: Decodable {
    struct Canary: Decodable, Equatable {
      let group: String
      let tried: Int
      let of: Int
      let rest: Int
    }
    let holds: [String]
    let canaries: [Canary]
  }

  @Test("A held step waits without a try, through the engine's death, until it is let go")
  func hold() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [a, b, c, d, e]}
      steps:
        - {id: one, run: 'echo one >> "$COUNT"'}
        - {id: two, run: 'echo two >> "$COUNT"'}
      parallel: 2
      """)
    try await batch.run("--limit", "1")
    let unknown = try await batch.footplate("pause", "--step", "three")
    #expect(unknown.status == 2 && unknown.complaints.contains("there are one, two"), "\(unknown)")
    #expect(try await batch.footplate("pause", "--provider", "acme").status == 2)
    // No engine works: the hold stands before the next one begins.
    #expect(try await batch.footplate("pause", "--step", "two").status == 0)
    try await batch.footplate("run", "--detach")
    try await batch.eventuallyStatus("all that is left waits") { $0.items.waiting == 4 }
    let text = try await batch.footplate("status").output
    #expect(text.contains("step two is held: footplate resume --step two"), "\(text)")
    #expect(
      try await batch.footplate("status", "--json").document(Levers.self).holds == ["step two"])
    #expect(
      try await batch.items().filter { $0.state == "waiting" }.map(\.reason) == [
        "held", "held", "held", "held",
      ])
    let first = try #require(engine(of: batch))
    kill(first, SIGKILL)
    try await eventually("a new engine") {
      let now = engine(of: batch)
      return now != nil && now != first
    }
    #expect(batch.executions.filter { $0 == "two" }.count == 1)
    try await batch.footplate("resume", "--step", "two")
    #expect(try await batch.footplate("wait").status == 0)
    #expect(batch.executions.filter { $0 == "two" }.count == 5)
    #expect(batch.executions.filter { $0 == "one" }.count == 5)
    let ledger = try await batch.footplate("ledger").output
    #expect(ledger.contains("step two held back, by \(NSUserName())"), "\(ledger)")
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
  }

  private func engine(of batch: BatchFolder) -> Int32? {
    ProcessList.pids(mentioning: batch.path).first { pid in
      let arguments = ProcessList.arguments(of: pid)
      return arguments.dropFirst().first == "engine" && !arguments.contains("--guardian")
    }
  }

  @Test("Another number of slots counts at once, and for the run's next engine")
  func parallel() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [a, b, c, d, e]}
      steps: [{id: one, run: 'echo {{line}} >> "$COUNT"; while ! test -e go; do sleep 0.02; done'}]
      parallel: 1
      """)
    try await batch.footplate("run", "--detach")
    try await eventually("one runs") { batch.executions.count == 1 }
    #expect(
      try await batch.footplate("parallel").output == "run 1, llm 1, as the definition says\n")
    try await batch.footplate("parallel", "3")
    try await eventually("three run") { batch.executions.count == 3 }
    #expect(try await batch.footplate("parallel").output == "run 3, llm 3, set by hand\n")
    try await batch.footplate("parallel", "--llm", "9")
    try await batch.footplate("stop", "--now")
    _ = try await batch.footplate("wait")
    #expect(try await batch.footplate("parallel").output == "run 3, llm 9, set by hand\n")
    #expect(try await batch.footplate("parallel", "0").status == 2)
    #expect(try await batch.footplate("parallel", "3", "--definition").status == 2)
    #expect(
      try await batch.footplate("parallel", "--definition").output
        == "run 1, llm 1, as the definition says\n")
    try batch.write("", to: "go")
    try await batch.run()
  }

  @Test("A group's retry tries a few items first, and the others only when these get done")
  func canary() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [a, b, c, d, e, f]}
      steps: [{id: one, run: 'echo {{line}} >> "$COUNT"; test -e fixed || exit 3'}]
      parallel: 2
      retry: {attempts: 1}
      """)
    try await batch.run(exits: 1)
    #expect(batch.executions.count == 6)
    #expect(try await batch.footplate("retry", "--failed", "--canary", "2").status == 2)
    let begun = try await batch.footplate("retry", "--group", "G-01", "--canary", "2")
    #expect(begun.output.contains("2 items of G-01 are tried first"), "\(begun)")
    let canaries = try await batch.footplate("status", "--json").document(Levers.self).canaries
    #expect(canaries == [.init(group: "G-01", tried: 0, of: 2, rest: 4)])
    try await batch.run(exits: 1)
    #expect(batch.executions.count == 8, "the others stay as they are")
    #expect(
      try await batch.footplate("ledger").output.contains(
        "2 of 2 items that were tried first failed: 4 others stay as they are"))
    try batch.write("", to: "fixed")
    try await batch.footplate("retry", "--group", "G-01", "--canary", "2")
    try await batch.run()
    #expect(batch.executions.count == 14)
    #expect(try await batch.status().items.done == 6)
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
  }

  @Test("Skipping says why, in the row and in the ledger")
  func reason() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [a, b]}
      steps: [{id: one, run: 'test {{line}} = a'}]
      retry: {attempts: 1}
      """)
    try await batch.run(exits: 1)
    try await batch.footplate("skip", "b", "--reason", "not worth it")
    #expect(try await batch.items().last?.note == "not worth it")
    #expect(try await batch.footplate("why", "b").output.contains("skipped by hand): not worth it"))
    #expect(try await batch.footplate("ledger", "--json").output.contains("not worth it"))
  }

  @Test("An edited prompt is the whole prompt of one step's retry, as it stands")
  func prompt() async throws {
    let batch = try BatchFolder()
    try batch.write("Describe {{line}}.", to: "prompt.md")
    try batch.define(
      """
      items: {list: [a, b]}
      steps:
        - id: one
          run: 'echo {{line}} >> "$COUNT"; cat'
          prompt: prompt.md
          stdin: prompt
          output: "out/{{line}}"
        - {id: two, run: 'cat', prompt: prompt.md, stdin: prompt, output: "out/{{line}}-2"}
      """)
    try await batch.run()
    #expect(batch.text("out/a") == "Describe a.")
    try batch.write("No {{template}} & <b>", to: "edited.txt")
    let edited = batch.path + "/edited.txt"
    #expect(try await batch.footplate("retry", "a", "--prompt-file", "/no/file").status == 2)
    #expect(try await batch.footplate("retry", "a", "--param", "x").status == 2)
    // Without a step it is for the one at which the item stands: its last.
    let again = try await batch.footplate("retry", "a", "--prompt-file", edited)
    #expect(again.status == 0, "\(again)")
    try await batch.run()
    #expect(batch.text("out/a-2") == "No {{template}} & <b>")
    #expect(batch.text("out/a") == "Describe a." && batch.executions.count == 2)
    try await batch.footplate("retry", "a", "--from", "one", "--prompt-file", edited)
    try await batch.run()
    #expect(batch.text("out/a") == "No {{template}} & <b>")
    #expect(batch.executions.count == 3)
    let receipts = try await batch.footplate("receipts", "--json").output
    #expect(receipts.contains("prompt by hand"), "\(receipts)")
    // It is done, and stays so.
    try await batch.run()
    #expect(batch.text("out/a") == "No {{template}} & <b>")
    #expect(batch.executions.count == 3)
  }
}

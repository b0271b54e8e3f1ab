// What a person does in front of the dashboard, from the first look to the last key, in a real terminal.

import Foundation
import Testing

@Suite("A person at the dashboard", .turn, .enabled(if: Tmux.isThere, "tmux is not installed"))
struct StoryTests {
  /// Steps with a prompt that pass only when it says `good`.
  private func prompted(_ items: [String]) throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.write(items.map { "\($0)\n" }.joined(), to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps:
        - id: one
          run: [sh, -c, 'grep -q good || { echo "no steam at 14:81" >&2; exit 4; }']
          prompt: "a bad word for {{line}}"
          stdin: prompt
      retry: {attempts: 1}
      """)
    return batch
  }

  @Test("who has never seen it retries a failed group of the demo, raises the cap and leaves")
  func newcomer() async throws {
    let batch = try BatchFolder()
    let terminal = try await Tmux(batch, columns: 120, rows: 40)
    try await terminal.footplate("demo --pace 8")
    try await terminal.shows("? help", "q detach", ": command", "C cap")
    try await terminal.shows(
      "FINISHED", "finished, 3 failed: F retries them, 2 shows why", "no engine", within: 200)
    try await terminal.press("2")
    try await terminal.shows("[2 Failures 3]", "G-", "wasted", "R retry")
    try await terminal.press("R")
    try await terminal.shows("queued again: G-", "P starts an engine")
    try await terminal.shows("finished, but 1 item waits: P starts an engine")
    try await terminal.press("C")
    try await terminal.shows("the run's cap: $")
    try await terminal.press("C-u")
    try await terminal.write("0.9")
    try await terminal.press("Enter")
    try await terminal.shows("of $0.9000")
    try await terminal.press("q")
    try await terminal.shows("ready>")
    #expect(try await batch.footplate("ledger", "--json").output.contains("900000000000"))
  }

  @Test("a group is looked into, noted and skipped with a reason")
  func triage() async throws {
    let batch = try prompted(["a", "b", "c"])
    let terminal = try await Tmux(batch, columns: 120, rows: 40)
    try await terminal.footplate("run")
    try await terminal.shows("finished, 3 failed")
    try await terminal.press("2", "Enter")
    try await terminal.shows("sample 1 of 3", "no steam at 14:81")
    try await terminal.press("n")
    try await terminal.shows("sample 2 of 3")
    try await terminal.press("Escape", "M")
    try await terminal.write("Carol asks")
    try await terminal.press("Enter")
    try await terminal.shows("Carol asks")
    try await terminal.press("S")
    try await terminal.shows("because:")
    try await terminal.write("ours")
    try await terminal.press("Enter")
    try await terminal.shows("No]")
    try await terminal.press("y")
    try await batch.eventuallyStatus("all are skipped") { $0.items.skipped == 3 }
    let ledger = try await batch.footplate("ledger", "--json").output
    #expect(ledger.contains("Carol asks") && ledger.contains("ours"))
  }

  @Test("a prompt is edited in the person's own editor, and the item retried with it")
  func edits() async throws {
    let batch = try prompted(["a"])
    let terminal = try await Tmux(
      batch, columns: 120, rows: 40, more: ["VISUAL": "sed -i s/bad/good/"])
    try await terminal.footplate("run")
    try await terminal.shows("finished, 1 failed")
    try await terminal.press("E")
    try await terminal.shows("No]")
    try await terminal.press("y")
    try await terminal.shows("finished, but 1 item waits: P starts an engine")
    try await terminal.press("P")
    try await terminal.shows("finished: everything is done")
    #expect(try await batch.status().items.done == 1)
    #expect(Files.tree("\(batch.path)/.footplate/editing").isEmpty)
  }

  @Test("the past is entered, stepped through and left, and nothing can be done there")
  func replays() async throws {
    let batch = try prompted(["a", "b"])
    let terminal = try await Tmux(batch, columns: 120, rows: 40)
    try await terminal.footplate("run")
    try await terminal.shows("finished, 2 failed")
    try await terminal.press("t")
    try await terminal.shows("REPLAY")
    try await terminal.press("{")
    try await terminal.shows("RUNNING", "REPLAY")
    try await terminal.press("R")
    try await terminal.shows("this is the past")
    try await terminal.press("t")
    try await terminal.hides("REPLAY")
    try await terminal.shows("finished, 2 failed")
  }

  @Test("lines do for who sees no screen: news are sentences, commands are typed")
  func plain() async throws {
    let batch = try prompted(["a", "b"])
    let terminal = try await Tmux(batch, columns: 120, rows: 40)
    try await terminal.footplate("run --plain")
    try await terminal.shows("is FINISHED", "new failure G-01: ")
    try await terminal.type("retry-failed")
    try await terminal.shows("Retry all 2 failed items?", "anything else is No")
    try await terminal.type("y")
    try await batch.eventuallyStatus("both are queued again") { $0.items.queued == 2 }
    try await terminal.type("quit")
    try await terminal.shows("ready>")
  }
}

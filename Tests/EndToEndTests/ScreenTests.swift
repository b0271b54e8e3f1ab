// The dashboard in a real terminal: it shows what happens, its levers act, and leaving it harms
// nothing.

import Foundation
import Testing

@Suite(.turn, .enabled(if: Tmux.isThere, "tmux is not installed")) struct ScreenTests {
  /// Items that wait for the file `gate`; those that begin with `bad` fail until `fixed` exists.
  private func batch(_ items: [String], parallel: Int = 2) throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.write(items.map { "\($0)\n" }.joined(), to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps:
        - id: one
          run: |
            echo {{line}} >> "$COUNT"
            echo "log of "{{line}}
            while test ! -e "$WORK/gate"; do sleep 0.02; done
            case {{line}} in bad*) test -e "$WORK/fixed" || { echo no steam >&2; exit 4; };; esac
      env: {WORK: "\(batch.path)"}
      parallel: \(parallel)
      retry: {attempts: 1}
      """)
    return batch
  }

  @Test(
    "run opens the dashboard, q leaves it, attach finds it again, and the screen is given back",
    arguments: [(80, 24), (120, 40), (200, 60)])
  func detaches(columns: Int, rows: Int) async throws {
    let batch = try batch((1...9).map { "item-\($0)" })
    let terminal = try await Tmux(batch, columns: columns, rows: rows)
    try await terminal.footplate("run")
    try await terminal.shows("test", "RUNNING", "item-1", "live")
    try await terminal.press("q")
    try await terminal.shows("goes on behind: footplate attach watches it", "ready>")
    #expect(try await batch.status().engine.alive)
    try await terminal.type("clear; stty -a | grep -c ' echo '")
    try await terminal.shows("1\n")
    try await terminal.footplate("attach")
    try await terminal.shows("RUNNING", "item-1")
    try batch.write("", to: "gate")
    try await terminal.shows("FINISHED", "finished: everything is done; q leaves")
    try await terminal.press("q")
    try await terminal.shows("finished, nothing failed")
    #expect(batch.executions.count == 9)
  }

  @Test("The end of the terminal leaves the batch running")
  func lostTerminal() async throws {
    let batch = try batch(["a", "b", "c", "d"])
    let terminal = try await Tmux(batch)
    try await terminal.footplate("run")
    try await terminal.shows("RUNNING")
    try await eventually("two run") { batch.executions.count == 2 }
    try await terminal.killServer()
    #expect(try await batch.status().engine.alive)
    try batch.write("", to: "gate")
    #expect(try await batch.footplate("wait").status == 0)
    #expect(batch.executions.count == 4)
  }

  @Test("P pauses and resumes; what runs goes on to its end")
  func pauses() async throws {
    let batch = try batch(["a", "b", "c", "d"])
    let terminal = try await Tmux(batch)
    try await terminal.footplate("run")
    try await terminal.shows("RUNNING")
    try await eventually("two run") { batch.executions.count == 2 }
    try await terminal.press("P")
    try await terminal.shows("RUN PAUSED: paused by hand; P resumes")
    try batch.write("", to: "gate")
    try await batch.eventuallyStatus("the two end") { $0.items.done == 2 && $0.items.running == 0 }
    #expect(batch.executions.count == 2)
    try await terminal.press("P")
    try await terminal.shows("FINISHED")
    #expect(batch.executions.count == 4)
  }

  @Test("A group of failed items is seen, retried after a question, and passes")
  func retriesGroup() async throws {
    let batch = try batch(["bad-1", "good", "bad-2", "bad-3"])
    try batch.write("", to: "gate")
    let terminal = try await Tmux(batch, columns: 100, rows: 30)
    try await terminal.footplate("run")
    try await terminal.shows("FINISHED", "finished, 3 failed: F retries them, 2 shows why")
    try batch.write("", to: "fixed")
    try await terminal.press("2")
    try await terminal.shows("no steam")
    try await terminal.press("R")
    try await terminal.shows("Retry", "any other key: No")
    try await terminal.press("y")
    try await terminal.shows("finished, but 3 items wait: P starts an engine")
    try await terminal.press("P")
    try await terminal.shows("finished: everything is done")
    #expect(batch.executions.count == 7)
    #expect(try await batch.status().items.done == 4)
  }

  @Test("A mistake in a person's own files, or a terminal that cannot draw, keeps nobody out")
  func neverRefuses() async throws {
    let batch = try batch(["item-1"])
    try batch.write("retry: [no, key]\n", to: "home/footplate/keys.yaml")
    try batch.write("text: {fg: nonsense}\n", to: "home/footplate/themes/mine.yaml")
    let terminal = try await Tmux(batch)
    try await terminal.type("unset NO_COLOR; export XDG_CONFIG_HOME='\(batch.path)/home'")
    try await terminal.footplate("run")
    try await terminal.shows("item-1", "the usual keys are in force: ", "keys.yaml:1:")
    try await terminal.press("q")
    try await terminal.shows("ready>")
    try await terminal.type("rm '\(batch.path)/home/footplate/keys.yaml'; clear")
    try await terminal.footplate("attach --theme mine")
    try await terminal.shows("item-1", "the default theme is shown: ", "mine.yaml:1:")
    try await terminal.press("q")
    try await terminal.shows("ready>")
    try await terminal.type("clear; export TERM=dumb")
    try await terminal.footplate("attach")
    try await terminal.shows("a terminal of type 'dumb' cannot place its cursor", "1 running")
  }

  @Test("/ filters, ? helps, escape leads back")
  func filterAndHelp() async throws {
    let batch = try batch((1...4).map { "item-\($0)" } + ["other"])
    let terminal = try await Tmux(batch)
    try await terminal.footplate("run")
    try await terminal.shows("item-1", "other")
    try await terminal.press("/")
    try await terminal.shows("filter:")
    try await terminal.write("oth")
    try await terminal.press("Enter")
    try await terminal.hides("item-3")
    try await terminal.shows("other")
    try await terminal.press("Escape")
    try await terminal.shows("item-3")
    try await terminal.press("?")
    try await terminal.shows("Keys", "next row or line")
    try await terminal.press("x")
    try await terminal.hides("next row or line")
    try await terminal.press("Enter")
    try await terminal.shows("log of")
  }

  @Test("Q stops the run after a question, and killing what runs is its second answer")
  func stops() async throws {
    let batch = try batch(["a", "b", "c"])
    let terminal = try await Tmux(batch)
    try await terminal.footplate("run")
    try await terminal.shows("RUNNING")
    try await eventually("two run") { batch.executions.count == 2 }
    try await terminal.press("Q")
    try await terminal.shows("Stop the run?", "kill them now")
    try await terminal.press("n")
    try await terminal.shows("nothing was done")
    try await terminal.press("Q")
    try await terminal.shows("Stop the run?")
    try await terminal.press("k")
    try await terminal.shows("stopped (stopped by hand)", "no engine")
    #expect(ProcessList.steps(of: batch.path).isEmpty)
    try await terminal.press("q")
    try await terminal.shows("footplate run goes on", "ready>")
    #expect(try await batch.footplate("wait").status == 75)
  }

  @Test("Without colours and in ASCII every character is one of a typewriter's")
  func ascii() async throws {
    let batch = try batch(["green", "b\u{1B}[31mad"])
    let terminal = try await Tmux(batch, more: ["LC_ALL": "C", "NO_COLOR": "1"])
    try await terminal.footplate("run")
    let screen = try await terminal.shows("RUNNING", "live")
    #expect(screen.unicodeScalars.allSatisfy { $0.isASCII }, "\(screen)")
    try await terminal.press("q")
  }

  @Test("Ctrl-C leaves the dashboard, not the run; without a terminal attach is refused")
  func interrupt() async throws {
    let batch = try batch(["a"])
    let terminal = try await Tmux(batch)
    try await terminal.footplate("run")
    try await terminal.shows("RUNNING")
    try await terminal.press("C-c")
    try await terminal.shows("Ctrl-C left the dashboard, not the run.")
    #expect(try await batch.status().engine.alive)
    let refused = try await batch.footplate("attach")
    #expect(refused.status == 2)
    #expect(refused.complaints.contains("attach needs a terminal"))
  }
}

// Commands that go wrong in every way that commands go wrong: each costs its item, not the batch.

import Foundation
import Glibc
import Testing

@Suite(.turn) struct FailureTests {
  /// One item with the script, one that is fine.
  private func batch(_ script: String, _ more: String = "") throws -> BatchFolder {
    let batch = try BatchFolder()
    // Read and not executed: while another test starts a process, it may hold the file open for
    // writing, and an execution then ends with "Text file busy".
    try batch.write("\(script)\n", to: "step.sh")
    try batch.define(
      """
      items: {list: [odd, fine]}
      steps:
        - id: one
          run: |
            echo {{line}} >> "$COUNT"
            test {{line}} = odd || { echo good; exit 0; }
            exec sh ./step.sh
          output: "out/{{line}}"
      parallel: 2
      retry: {attempts: 1}
      \(more)
      """)
    return batch
  }

  /// Runs it and expects that only the odd item failed; gives what is said of it.
  private func failure(of batch: BatchFolder) async throws -> String {
    try await batch.run(exits: 1)
    #expect(try await batch.states() == ["odd": "failed", "fine": "done"])
    #expect(batch.text("out/fine") == "good\n")
    #expect(!batch.exists("out/odd"))
    return try await batch.footplate("why", "odd").output
  }

  @Test("A failed dependency skips its dependants with the reason, and its retry revives them")
  func dependants() async throws {
    let batch = try BatchFolder()
    try batch.write(
      """
      {"id": "base", "needs": []}
      {"id": "middle", "needs": ["base"]}
      {"id": "top", "needs": ["middle"]}
      {"id": "alone", "needs": []}
      """, to: "in.jsonl")
    try batch.define(
      """
      items: {jsonl: in.jsonl, key: "{{id}}", after: "{{needs}}"}
      steps:
        - {id: one, run: 'echo {{id}} >> "$COUNT"; test {{id}} != base || test -e "$FIXED"'}
      parallel: 2
      retry: {attempts: 1}
      """)
    let fixed = ["FIXED": batch.path + "/footplate.yaml"]
    try await batch.run(exits: 1)
    #expect(
      try await batch.states()
        == ["base": "failed", "middle": "skipped", "top": "skipped", "alone": "done"])
    let why = try await batch.footplate("why", "top")
    #expect(why.output.contains("an item that it comes after did not succeed"))
    try await batch.footplate("retry", "base")
    let status = try await batch.status()
    #expect(status.items.queued == 3, "the dependants wait again")
    let again = try await batch.footplate("run", "--headless", environment: fixed)
    #expect(again.status == 0, "\(again)")
    #expect(batch.executions.suffix(3) == ["base", "middle", "top"])
  }

  @Test("A cycle and a missing dependency are refused with their names")
  func unmetDependencies() async throws {
    let batch = try BatchFolder()
    try batch.write(
      """
      {"id": "hen", "needs": ["egg"]}
      {"id": "egg", "needs": ["hen"]}
      {"id": "car", "needs": ["wheel"]}
      """, to: "in.jsonl")
    try batch.define(
      """
      items: {jsonl: in.jsonl, key: "{{id}}", after: "{{needs}}"}
      steps: [{id: one, run: 'echo {{id}} >> "$COUNT"'}]
      """)
    let ended = try await batch.footplate("run", "--headless")
    #expect(ended.status == 2)
    #expect(ended.complaints.contains("hen → egg") || ended.complaints.contains("egg → hen"))
    #expect(ended.complaints.contains("car comes after wheel, and there is no such item"))
    #expect(batch.executions.isEmpty)
  }

  @Test("A time-out ends the whole tree, also what ignores TERM and what went into the background")
  func timeout() async throws {
    let batch = try batch(
      """
      trap '' TERM
      (trap '' TERM; setsid sh -c "trap '' TERM; sleep 1000" & sleep 1000) &
      sleep 1000
      """, "timeout: 300ms")
    let why = try await failure(of: batch)
    #expect(why.contains("timeout"))
    #expect(ProcessList.steps(of: batch.path).isEmpty)
  }

  @Test("A stall is a time without output, not a time")
  func stall() async throws {
    let quiet = try batch("echo begins; sleep 1000", "stall: 300ms")
    #expect(try await failure(of: quiet).contains("stall"))
    #expect(ProcessList.steps(of: quiet.path).isEmpty)
    let talking = try batch(
      "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i; sleep 0.1; done", "stall: 1s")
    try await talking.run()
  }

  @Test("A command that does not exist fails at once and is not tried again")
  func missingCommand() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [a]}
      steps: [{id: one, run: [no-such-command-anywhere, "{{line}}"]}]
      retry: {attempts: 5, base: 10ms}
      """)
    try await batch.run(exits: 1)
    let why = try await batch.footplate("why", "a")
    #expect(why.output.contains("no-such-command-anywhere"))
    #expect(why.output.contains("not-started"))
    #expect(try await batch.attempts().count == 1)
  }

  @Test("A failed command is tried again as often as the definition says")
  func retries() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [a]}
      steps:
        - {id: one, run: 'echo x >> "$COUNT"; test $(wc -l < "$COUNT") -ge 3'}
      retry: {attempts: 4, base: 10ms, cap: 20ms}
      """)
    try await batch.run()
    #expect(batch.executions.count == 3)
    let attempts = try await batch.attempts()
    #expect(attempts.map(\.outcome) == ["failed", "failed", "succeeded"])
    #expect(attempts.map(\.why) == ["new", "retry", "retry"])
  }

  @Test("A gigabyte on one line fits nowhere and harms nothing")
  func endlessLine() async throws {
    let batch = try batch("head -c 1000000000 /dev/zero | tr '\\0' x >&2; exit 3")
    let why = try await failure(of: batch)
    #expect(why.utf8.count < 10_000)
    let logs = Files.tree("\(batch.path)/.footplate/runs").filter { $0.hasSuffix(".log") }
    let sizes = logs.map { Files.bytes("\(batch.path)/.footplate/runs/\($0)").count }
    #expect(sizes.reduce(0, +) < 20_000_000, "\(sizes)")
  }

  @Test("Grandchildren that stay behind are ended, and their hold on the output holds up nobody")
  func grandchildren() async throws {
    let batch = try batch("(sleep 1000 &) ; setsid sleep 1000 & echo done > \"$FOOTPLATE_OUTPUT\"")
    try await batch.run()
    #expect(batch.text("out/odd") == "done\n")
    #expect(ProcessList.steps(of: batch.path).isEmpty)
  }

  @Test("Success without the output that it owes is a failure")
  func hollow() async throws {
    #expect(try await failure(of: try batch("exit 0")).contains("hollow"))
  }

  @Test("A signal and a status are told apart")
  func crash() async throws {
    let signalled = try await failure(of: try batch("kill -SEGV $$"))
    #expect(signalled.contains("signal"), "\(signalled)")
    let ended = try await failure(of: try batch("echo 'no space' >&2; exit 9"))
    #expect(ended.contains("no space"), "\(ended)")
  }

  @Test("Strict checks keep a candidate back, warnings let it through, off asks nobody")
  func enforcement() async throws {
    let checks = """
      checks:
        - {name: has-title, regex: "^# "}
        - {name: lint, run: 'echo too long >&2; echo lint >> "$COUNT"; test ! -s {{candidate}}'}
      """
    let strict = try batch("echo plain", checks)
    try await strict.run(exits: 1)
    #expect(!strict.exists("out/odd"))
    #expect(try await strict.footplate("why", "odd").output.contains("has-title"))
    let warn = try batch("echo plain", checks + "\nenforcement: warn")
    let warned = try await warn.run()
    #expect(warn.text("out/odd") == "plain\n")
    #expect(warned.output.contains("warning: has-title"))
    #expect(warned.output.contains("too long"))
    let off = try batch("echo plain", checks + "\nenforcement: off")
    try await off.run()
    #expect(off.text("out/odd") == "plain\n")
    #expect(!off.executions.contains("lint"))
  }

  @Test("A failed check does not buy the command again beyond its tries, and the batch goes on")
  func checkedAgain() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [a]}
      steps:
        - {id: one, run: 'echo x >> "$COUNT"; cat "$COUNT"', output: out/a}
      checks:
        - {regex: "x\\nx"}
      retry: {attempts: 3, base: 10ms, cap: 20ms}
      """)
    try await batch.run()
    #expect(batch.executions.count == 2)
    #expect(batch.text("out/a") == "x\nx\n")
  }

  @Test("A canary that fails pauses the run, which a person can let go on")
  func canary() async throws {
    let batch = try BatchFolder()
    try batch.write((1...20).map { "i\($0)\n" }.joined(), to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps:
        - {id: one, run: 'echo {{line}} >> "$COUNT"; test -e "$FIXED"'}
      canary: {items: 4, pick: first, max_failed: 25%}
      parallel: 2
      retry: {attempts: 1}
      """)
    let fixed = ["FIXED": batch.path + "/footplate.yaml"]
    let engine = try batch.start(["run", "--headless"], environment: fixed.mapValues { $0 + "x" })
    try await eventually("the canary's judgement") {
      engine.output.contains("run paused: the canary failed: 4 of 4")
    }
    #expect(batch.executions.sorted() == ["i1", "i2", "i3", "i4"])
    let status = try await batch.status()
    #expect(status.state == "paused")
    #expect(status.why.contains("4 of 4 canary items failed"))
    try await batch.footplate("stop")
    let stopped = try await engine.wait()
    #expect(stopped.status == 75)
    let ended = try await batch.footplate(
      "run", "--headless", "--retry-failed", environment: fixed)
    #expect(ended.status == 0, "\(ended)")
    #expect(Set(batch.executions).count == 20)
  }

  @Test("A file that changes while its item runs leaves no receipt for the old content")
  func changedWhileItRan() async throws {
    let batch = try BatchFolder()
    try batch.write("old", to: "a.txt")
    try batch.define(
      """
      items: {glob: "*.txt"}
      steps:
        - id: one
          run: |
            echo x >> "$COUNT"
            cat {{path}}
            test $(wc -l < "$COUNT") -gt 1 || printf new > {{path}}
          output: "out/{{name}}"
      retry: {attempts: 3, base: 10ms, cap: 20ms}
      """)
    try await batch.run()
    #expect(batch.text("out/a.txt") == "new")
    #expect(batch.executions.count == 2)
  }
}

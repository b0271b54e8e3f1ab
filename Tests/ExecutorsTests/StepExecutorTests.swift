// Attempts from their staging folder to their sealed candidate, with real processes.

import BatchModel
import DurableFiles
import Foundation
import Testing

@testable import Executors

@Suite struct StepExecutorTests {
  let workspace: TestWorkspace
  init() throws { workspace = try TestWorkspace() }

  @Test func `A file at FOOTPLATE_OUTPUT is the candidate and standard output is not`() async throws
  {
    let report = await workspace.steps.run(
      workspace.step(.shell("echo said; printf written > \"$FOOTPLATE_OUTPUT\""), owes: .candidate))
    #expect(report.outcome == .succeeded)
    let candidate = try #require(report.candidate)
    #expect(try workspace.objects.bytes(of: candidate.digest) == Array("written".utf8))
    #expect(
      try workspace.text(workspace.steps.logPath(run: workspace.run, attempt: AttemptID(1)))
        == "said\n")
  }

  @Test func `Standard output is the candidate when no file was written`() async throws {
    let report = await workspace.steps.run(
      workspace.step(.arguments(["printf", "said"]), owes: .candidate))
    let candidate = try #require(report.candidate)
    #expect(try workspace.objects.bytes(of: candidate.digest) == Array("said".utf8))
  }

  @Test func `Exit 0 with nothing written or printed is a hollow failure`() async {
    let report = await workspace.steps.run(workspace.step(.arguments(["true"]), owes: .candidate))
    #expect(report.outcome == .failed)
    #expect(report.failure?.kind == .hollow)
    #expect(report.candidate == nil)
  }

  @Test func `A missing command is told by name and tried only once`() async {
    let report = await workspace.steps.run(workspace.step(.arguments(["no-such-command"])))
    #expect(report.failure?.kind == .notStarted)
    #expect(report.failure?.message.hasPrefix("command not found: no-such-command") == true)
    #expect(report.failure?.isRetryable == false)
  }

  @Test func `The staging folder stays until the end is recorded, then nothing is left`()
    async throws
  {
    let report = await workspace.steps.run(
      workspace.step(
        .shell("cd $FOOTPLATE_STAGING && mkdir -p a/b && touch a/b/c && chmod 0 a; ln -s / root")))
    #expect(report.remarks == [])
    let staging = "\(workspace.path)/.footplate/runs/\(workspace.run)/staging"
    #expect(try FileManager.default.contentsOfDirectory(atPath: staging).count == 1)
    await workspace.steps.discardStaging(
      of: report.attempt, run: workspace.run, epoch: Epoch(1))
    #expect(try FileManager.default.contentsOfDirectory(atPath: staging) == [])
    // A clean one is kept for the next attempt, and goes at the end.
    _ = await workspace.runRecorded(workspace.step(.arguments(["true"]), number: 2))
    #expect(try FileManager.default.contentsOfDirectory(atPath: staging).count == 1)
    try workspace.steps.clearStaging()
    #expect(try FileManager.default.contentsOfDirectory(atPath: staging) == [])
  }
}

@Suite struct StagingReuseTests {
  let workspace: TestWorkspace
  init() throws { workspace = try TestWorkspace() }

  @Test func `A reused folder holds the new item and nothing of the old one`() async throws {
    for (number, key) in [(1, String(repeating: "long", count: 100)), (2, "b"), (3, "cc")] {
      let order = workspace.step(
        .shell("cat $FOOTPLATE_ITEM_JSON; ls -A $FOOTPLATE_STAGING"), number: Int64(number),
        key: key)
      _ = await workspace.runRecorded(order)
      let log = workspace.steps.logPath(run: workspace.run, attempt: order.attempt)
      #expect(try workspace.text(log) == order.item.document.canonical + "item.json\n")
    }
  }

  @Test(
    arguments: [
      "ln -sf ../../../../precious $FOOTPLATE_ITEM_JSON",
      "ln -f precious $FOOTPLATE_ITEM_JSON",
      "rm $FOOTPLATE_ITEM_JSON; ln precious $FOOTPLATE_STAGING/other",
      "rm $FOOTPLATE_ITEM_JSON; mkdir $FOOTPLATE_ITEM_JSON",
      "rm -r $FOOTPLATE_STAGING; mkdir $FOOTPLATE_STAGING; cp precious $FOOTPLATE_ITEM_JSON",
      "chmod 777 $FOOTPLATE_STAGING",
    ])
  func `A process that tampers with its folder harms neither the next item nor other files`(
    script: String
  ) async throws {
    let precious = URL(fileURLWithPath: "\(workspace.path)/precious")
    try Data("precious".utf8).write(to: precious)
    let first = await workspace.runRecorded(workspace.step(.shell(script)))
    #expect(first.outcome == .succeeded)
    let order = workspace.step(
      .shell("cat $FOOTPLATE_ITEM_JSON; stat -c %a $FOOTPLATE_STAGING"), number: 2, key: "next")
    _ = await workspace.runRecorded(order)
    let log = workspace.steps.logPath(run: workspace.run, attempt: AttemptID(2))
    #expect(try workspace.text(log) == order.item.document.canonical + "700\n")
    #expect(try workspace.text(precious.path) == "precious")
  }
}

@Suite struct StepProcessTests {
  let workspace: TestWorkspace
  init() throws { workspace = try TestWorkspace() }

  @Test func `A step is told its item, its folder and its names`() async throws {
    var order = workspace.step(
      .shell("env; cat \"$FOOTPLATE_FEEDBACK\" \"$FOOTPLATE_ITEM_JSON\""),
      number: 7, key: "two words\n$(id)")
    order.feedback = "shorter, please\n"
    order.candidateEnding = ".md"
    order.environment = ["HOME": "/elsewhere", "FOOTPLATE_EPOCH": "99"]
    let report = await workspace.steps.run(order)
    #expect(report.outcome == .succeeded)
    let log = try workspace.text(workspace.steps.logPath(run: workspace.run, attempt: AttemptID(7)))
    let staging = "\(workspace.path)/.footplate/runs/\(workspace.run)/staging/7-1"
    for line in [
      "FOOTPLATE_ITEM=two words\n$(id)\n", "FOOTPLATE_ITEM_JSON=\(staging)/item.json\n",
      "FOOTPLATE_STEP=write\n", "FOOTPLATE_ATTEMPT=7\n", "FOOTPLATE_ROUND=1\n",
      "FOOTPLATE_RUN=\(workspace.run)\n", "FOOTPLATE_IDEMPOTENCY_KEY=\(order.key)\n",
      "FOOTPLATE_STAGING=\(staging)\n", "FOOTPLATE_OUTPUT=\(staging)/candidate.md\n",
      "FOOTPLATE_FEEDBACK=\(staging)/feedback.txt\n", "FOOTPLATE_EPOCH=1\n",
      "FOOTPLATE_WORKSPACE=\(workspace.path)\n", "shorter, please\n",
      #"{"key":"two words\n$(id)","occurrence":1,"ordinal":7,"path":"two words\n$(id)"}"#,
    ] { #expect(log.contains(line), "\(line) is missing in \(log)") }
  }

  @Test func `The prompt and the item can be the input`() async throws {
    let prompt = await workspace.steps.run(
      workspace.step(.arguments(["cat"]), owes: .textIfAny, input: .text("the prompt")))
    #expect(prompt.candidate?.digest == Digest(of: "the prompt"))
    let order = workspace.step(.arguments(["cat"]), number: 2, owes: .textIfAny, input: .item)
    let item = await workspace.steps.run(order)
    #expect(item.candidate?.digest == Digest(of: order.item.document.canonical))
  }

  @Test(
    arguments: [
      ("exit 3", Failure.Class.exit, Int32(3), "exit 3 without a word"),
      ("echo no >&2; exit 4", .exit, 4, "no"),
      ("kill -KILL $$", .signal, 9, "killed by signal 9"),
      ("ln -s /etc/passwd $FOOTPLATE_OUTPUT", .hollow, 0, "a symbolic link stands"),
      ("mkdir $FOOTPLATE_OUTPUT", .hollow, 0, "a folder stands"),
      (": > $FOOTPLATE_OUTPUT; echo text", .hollow, 0, "exit 0, but the file"),
      ("head -c 2000 /dev/zero", .hollow, 0, "standard output is longer than 1000 bytes"),
    ])
  func `A failed attempt says how and leaves no candidate`(
    script: String, kind: Failure.Class, status: Int32, message: String
  ) async {
    var order = workspace.step(.shell(script), owes: .candidate)
    order.captureBytesMax = 1000
    let report = await workspace.steps.run(order)
    #expect(report.outcome == .failed)
    #expect(report.failure?.kind == kind)
    #expect(report.failure?.status == status)
    #expect(
      report.failure?.message.hasPrefix(message) == true, "\(String(describing: report.failure))")
    #expect(report.candidate == nil)
  }

  @Test func `An attempt that waits for a slot can be taken back, and leaves no folder`() async {
    let steps = workspace.stepExecutor(slots: 1)
    let (began, beginning) = AsyncStream.makeStream(of: Void.self)
    async let running = steps.run(workspace.step(.shell("sleep 1000"))) { _ in beginning.yield() }
    // From here on the slot is taken.
    for await _ in began { break }
    let (ends, ending) = AsyncStream.makeStream(of: AttemptReport.self)
    for number in 2...3 {
      var order = workspace.step(.shell("true"))
      order.attempt = AttemptID(Int64(number))
      let waiting = order
      steps.start([
        AttemptStart(
          attempt: order.attempt, order: { waiting }, onLaunch: { _ in },
          onEnd: { ending.yield($0) })
      ])
    }
    steps.kill(AttemptID(2))
    steps.recallWaiting()
    for await report in ends.prefix(2) {
      #expect(report.outcome == .neverStarted)
      #expect(report.failure == nil)
    }
    steps.kill(AttemptID(1), grace: .zero)
    #expect(await running.outcome == .interrupted)
    #expect(workspace.stagingNames == ["1-1"])
  }

  @Test func `A review that exits with 10 hands back its text`() async {
    let report = await workspace.steps.run(
      workspace.step(.shell("echo too long; exit 10"), owes: .textIfAny))
    #expect(report.feedback == "too long\n")
    #expect(report.failure?.status == 10)
  }

  @Test func `A secret does not reach the log or the message`() async throws {
    let report = await workspace.steps.run(
      workspace.step(.shell("echo key sk-0123456789abcdefghij >&2; exit 1")))
    #expect(report.failure?.message == "key ***")
    let log = workspace.steps.logPath(run: workspace.run, attempt: AttemptID(1))
    #expect(try workspace.text(log) == "key ***\n")
  }
}

// Acting on the run: nothing happens without a way back, and a key that cannot work says why.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct ActsTests {
  private var grace: Instant { FakeRun.now.advanced(by: .seconds(5)) }

  @Test func `R on one failed item leaves in five seconds, and says so`() {
    var desk = Desk()
    desk.press("R")
    #expect(
      desk.commands == [
        .submit(.items(.retryAgain, .ids([ItemID(1)])), notBefore: grace, token: 1)
      ])
    #expect(
      desk.canvas.line(22) == "retry Sources/Auth/Token.swift in 5 s   U takes it back")
    desk.wait(.seconds(2))
    #expect(desk.canvas.line(22).contains(" in 3 s "))
    desk.wait(.seconds(4))
    #expect(desk.canvas.line(22) == "")
  }

  @Test func `U takes it back`() {
    var desk = Desk()
    desk.press("R")
    desk.press("U")
    #expect(desk.commands == [.withdraw(request: "r1")])
    desk.send(.withdrawn(request: "r1", true))
    #expect(desk.canvas.line(22) == "taken back: retry Sources/Auth/Token.swift")
  }

  @Test func `U before the request is even written withdraws it as soon as it is`() {
    var desk = Desk()
    desk.answers = false
    desk.press("RU")
    #expect(desk.canvas.line(22).hasPrefix("taking back: "))
    desk.press("")
    desk.wait(.seconds(9))
    desk.send(.submitted(token: 1, .accepted(request: "late")))
    #expect(desk.commands.contains(.withdraw(request: "late")))
  }

  @Test func `a request that came too late, or is refused, says so`() {
    var desk = Desk()
    desk.press("RU")
    desk.send(.withdrawn(request: "r1", false))
    #expect(desk.canvas.line(22) == "too late: it is being done")
    desk.answers = false
    desk.press("R")
    desk.send(.submitted(token: 2, .refused("the disk is full")))
    #expect(desk.canvas.line(22) == "the disk is full")
    #expect(desk.model.pending.isEmpty)
  }

  @Test func `U also takes back what somebody else asked for`() {
    var run = FakeRun(count: 100)
    run.pending = [
      Request(
        id: "other", run: RunID("run-20251121-020000-0123abcd"), action: .pause, by: "ana",
        at: FakeRun.now, notBefore: grace)
    ]
    var desk = Desk(run: run)
    #expect(desk.canvas.line(22) == "ana asks for a pause in 5 s   U takes it back")
    desk.press("U")
    #expect(desk.commands == [.withdraw(request: "other")])
    desk.send(.withdrawn(request: "other", true))
    // The snapshot that still names it is older than the answer.
    desk.press("U")
    #expect(desk.commands.isEmpty)
    #expect(desk.canvas.line(22) == "U take back: nothing waits to be taken back")
  }

  @Test(arguments: ["n", "<esc>", "<enter>", "q", "<space>", "x"])
  func `anything but y is No`(key: String) {
    var desk = Desk()
    desk.press("FR")
    #expect(desk.model.overlay == nil)
    desk.press("F")
    desk.press(key)
    #expect(desk.commands.isEmpty)
    #expect(desk.model.overlay == nil)
    #expect(desk.canvas.line(22) == "nothing was done")
  }

  @Test func `marked items go together and are unmarked then`() {
    var desk = Desk()
    desk.press("<space><space>S<enter>")
    #expect(desk.commands.filter { $0 != .quit(.detached) }.allSatisfy { !$0.acts })
    desk.press("y")
    #expect(desk.submitted == [.items(.skip(reason: "by hand"), .ids([ItemID(1), ItemID(2)]))])
    #expect(desk.model.queue.marks.isEmpty)
  }

  @Test func `without an engine a deed is done at once, and nothing counts down`() {
    var run = FakeRun(count: 1000)
    run.hasEngine = false
    var desk = Desk(run: run)
    desk.answers = false
    desk.press("R")
    desk.send(.submitted(token: 1, .applied))
    #expect(desk.model.pending.isEmpty)
    #expect(
      desk.canvas.line(22)
        == "queued again: Sources/Auth/Token.swift; P starts an engine")
  }

  @Test func `what is skipped is asked the reason, and esc skips nothing`() {
    var desk = Desk()
    desk.press("Snot ours<esc>")
    #expect(desk.submitted.isEmpty)
    desk.press("Snot ours<enter>")
    #expect(desk.submitted == [.items(.skip(reason: "not ours"), .ids([ItemID(1)]))])
  }

  @Test func `the cap is typed in dollars, and not set below what is spent`() {
    var desk = Desk()
    var snapshot = desk.run.snapshot()
    snapshot.budget = BudgetFigures(
      spent: Money(picodollars: 3_000_000_000_000), reserved: .zero,
      cap: Money(picodollars: 5_000_000_000_000), isLatched: false)
    desk.send(.snapshot(snapshot))
    desk.press("C<c-u>2<enter>")
    #expect(desk.submitted.isEmpty)
    #expect(desk.canvas.line(22).contains("$3.00 is spent already"))
    desk.press("<c-u>six<enter>")
    #expect(desk.canvas.line(22).contains("'six' is no sum"))
    desk.press("<c-u>7.50<enter>")
    #expect(desk.submitted == [.setCap(Money(picodollars: 7_500_000_000_000))])
    desk.press("C<c-u><enter>")
    #expect(desk.submitted == [.setCap(nil)], "nothing typed takes the definition's cap again")
  }

  @Test func `above a thousand items y is not enough, the exact count is`() {
    var desk = Desk(run: FakeRun(count: 5000))
    desk.press("*Ry")
    #expect(desk.submitted.isEmpty)
    desk.press("R499<enter>")
    #expect(desk.submitted.isEmpty)
    desk.press("R4999<bs><bs><bs><bs>5000<enter>")
    #expect(desk.submitted.count == 1)
  }

  @Test func `R on a group retries the group`() {
    var desk = Desk()
    desk.press("2R")
    #expect(desk.screen.contains("Retry G-07's 3 items?"))
    desk.press("y")
    #expect(desk.submitted == [.items(.retryAgain, .group(FakeRun.lint))])
    desk.press("2X")
    #expect(desk.canvas.line(22) == "X cancel: what failed has ended; S skips it")
  }

  @Test func `enter on a group shows its items`() {
    var desk = Desk()
    desk.press("2j<enter><enter>")
    #expect(desk.model.focus == .queue)
    #expect(desk.model.queue.rows.map(\.id) == [ItemID(4)])
    #expect(desk.canvas.line(3).contains("1 shown: st:fail group:G-08"))
  }

  @Test func `F retries everything that failed`() {
    var desk = Desk()
    desk.press("Fy")
    #expect(desk.submitted == [.items(.retryAgain, .failed)])
  }

  @Test func `P pauses at once, resumes, and starts an engine where there is none`() {
    var desk = Desk()
    desk.press("P")
    #expect(desk.commands == [.submit(.pause, notBefore: FakeRun.now, token: 1)])
    desk.run.state = .paused
    desk.wait(.seconds(1))
    #expect(desk.canvas.line(23).contains("P resume"))
    desk.press("P")
    #expect(desk.submitted == [.resume])
    desk.run.hasEngine = false
    desk.wait(.seconds(1))
    #expect(desk.canvas.line(2) == " RUN PAUSED; P resumes, with a new engine")
    desk.press("P")
    #expect(desk.commands == [.startEngine])
  }

  @Test func `Q asks, and can kill`() {
    var desk = Desk()
    desk.press("Qy")
    #expect(desk.submitted == [.stop(now: false)])
    desk.press("Qk")
    #expect(desk.submitted == [.stop(now: true)])
  }

  @Test(arguments: [
    ("jjjjjjR", "R retry: nothing failed is selected"),
    ("jjjjjjS", "S skip: it runs; X cancels it"),
    ("X", "X cancel: it has ended"),
    ("U", "U take back: nothing waits to be taken back"),
    ("\\", "\\ unmark: nothing is marked"),
    ("D", "D fix: not examined yet: 8 shows what the doctor finds"),
    ("K", "K does nothing here; ? lists the keys"),
  ])
  func `a key that cannot work says why`(keys: String, reason: String) {
    var desk = Desk()
    desk.press(keys)
    #expect(desk.canvas.line(22) == reason)
    #expect(desk.submitted.isEmpty)
  }

  @Test(arguments: ["R", "S", "X", "F", "P", "U", "Q", "D", "C"])
  func `read-only switches every acting key off`(key: String) {
    var desk = Desk(isReadOnly: true)
    desk.press(key)
    #expect(desk.commands.isEmpty)
    #expect(desk.model.overlay == nil)
    #expect(desk.canvas.line(22).hasSuffix("attached with --read-only"))
  }

  @Test func `pasted text is never taken for keys`() {
    var desk = Desk()
    desk.send(.paste("QyFy"))
    #expect(desk.submitted.isEmpty && desk.model.overlay == nil)
    desk.press("/")
    desk.send(.paste("Au\nth"))
    desk.press("<enter>")
    #expect(desk.model.queue.filter.keyContains == "Auth")
  }

  @Test func `q detaches, Ctrl-C does the same and says so, everywhere`() {
    var desk = Desk()
    desk.press("q")
    #expect(desk.commands == [.quit(.detached)])
    for keys in ["<c-c>", "?<c-c>", "/x<c-c>", "F<c-c>"] {
      var other = Desk()
      other.press(keys)
      #expect(other.commands == [.quit(.interrupted)])
    }
  }
}

extension DashboardCommand {
  fileprivate var acts: Bool {
    switch self {
    case .submit, .withdraw, .startEngine: true
    default: false
    }
  }
}

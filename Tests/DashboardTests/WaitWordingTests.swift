// Why a row waits and until when, also when its own time is over.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct WaitWordingTests {
  private static let now = FakeRun.now

  /// What the queue says of an item that waits for that until then.
  private func note(
    _ reason: WaitReason = .retry, _ left: Duration = .seconds(-90), gates: [GateGauge] = [],
    slotsUsed: Int = 2, hasEngine: Bool = true
  ) -> String {
    var run = FakeRun(count: 10)
    run.hasEngine = hasEngine
    run.gates = gates
    var snapshot = run.snapshot()
    if case .live(var gauges?) = snapshot.engine {
      gauges.slotsUsed = slotsUsed
      snapshot.engine = .live(gauges)
    }
    var desk = Desk(100, 24, run: run)
    desk.send(.snapshot(snapshot))
    var row = run.row(4)
    row.waitReason = reason
    row.waitUntil = Self.now.advanced(by: left)
    row.note = ""
    desk.model.queue.rows = [row]
    return desk.canvas.lines.first { $0.contains(" wait   ") } ?? ""
  }

  private static func gate(_ breaker: String, probe: Int? = nil, until: Int? = nil) -> GateGauge {
    GateGauge(
      provider: "p", breaker: breaker, inFlight: 0, concurrencyLimit: 8, waiting: 3,
      waitReason: until == nil ? nil : .rateLimit,
      until: until.map { now.advanced(by: .seconds($0)) }, calls: 1, inputTokens: 0,
      outputTokens: 0, probeAt: probe.map { now.advanced(by: .seconds($0)) })
  }

  @Test func `a countdown is rounded up, and never zero while it lasts`() {
    #expect(note(.retry, .milliseconds(400)).contains("retry in 0:01"))
    #expect(note(.retry, .milliseconds(61_001)).contains("retry in 1:02"))
    #expect(Wording.left(.zero) == "0:00")
    #expect(Wording.left(.nanoseconds(1)) == "0:01")
  }

  @Test func `a row whose time is over waits for what holds it up now`() {
    #expect(note(gates: [Self.gate("open", probe: 95)]).contains("after the breaker 1:35"))
    #expect(note(gates: [Self.gate("open", probe: -1)]).contains("after the breaker's probe"))
    #expect(note(gates: [Self.gate("half-open")]).contains("after the breaker's probe"))
    #expect(note(gates: [Self.gate("isolated")]).contains("breaker OPEN, by hand"))
    #expect(note(slotsUsed: 8).contains("retry: for a slot"))
    #expect(note(.rateLimit, slotsUsed: 8).contains("due: for a slot"))
    #expect(note(gates: [Self.gate("closed", until: 12)]).contains("rate limit in 0:12"))
    #expect(note(gates: [Self.gate("closed")]).contains(" due"))
    #expect(!note().contains(" now"))
  }

  @Test func `of several providers only a wait for a breaker is laid to the one that is open`() {
    let gates = [Self.gate("open", probe: 95), Self.gate("closed")]
    #expect(note(.retry, gates: gates).contains(" due"))
    #expect(note(.breaker, gates: gates).contains("after the breaker 1:35"))
  }

  @Test func `without an engine what is due stays due, and says who is missing`() {
    #expect(note(hasEngine: false).contains("due, no engine"))
  }

  @Test func `a full house is no trouble, a limit that holds calls up is one`() {
    var run = FakeRun(count: 10)
    run.gates = [Self.gate("closed")]
    #expect(Desk(run: run).canvas.line(3) == "")
    run.gates[0].waitReason = .rateLimit
    #expect(Desk(run: run).canvas.line(3) == "", "as many calls as may be are in flight")
    run.gates = [Self.gate("closed", until: 12)]
    var desk = Desk(run: run)
    #expect(desk.canvas.line(3) == "▲ p rate limit 0:12, 3 wait")
    desk.wait(.milliseconds(11_900))
    #expect(desk.canvas.line(3) == "▲ p rate limit 0:01, 3 wait")
    desk.press("5")
    #expect(desk.screen.contains("p rate limit 0:01"))
    desk.wait(.seconds(1))
    #expect(desk.canvas.line(3) == "▲ p rate limit, 3 wait")
    #expect(!desk.screen.contains("0:00, 3 wait"))
  }
}

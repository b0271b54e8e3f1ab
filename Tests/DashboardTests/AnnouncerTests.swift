// The run as sentences: each change once, and no chatter.

import BatchModel
import Dashboard
import Resilience
import Testing

@Suite struct AnnouncerTests {
  private let run = FakeRun(count: 1000)

  @Test func `the first snapshot tells where the run stands, and the same again nothing`() {
    var announcer = Announcer(zone: Zone())
    #expect(
      announcer.take(run.snapshot()) == [
        "document-modules is RUNNING",
        "new failure G-07: 3 items, check lint: <n>:<n> line too long",
        "new failure G-08: 1 item, exit 1: no module <name>",
        "10 percent: 100 done, 4 failed, 2 running, 2 waiting, ends about 02:14",
      ])
    #expect(announcer.take(run.snapshot(at: FakeRun.now.advanced(by: .seconds(3600)))).isEmpty)
  }

  @Test func `a group that grows is told when it has doubled`() {
    var announcer = Announcer(zone: Zone())
    var snapshot = run.snapshot()
    _ = announcer.take(snapshot)
    snapshot.groups[0].count = 5
    #expect(announcer.take(snapshot).isEmpty)
    snapshot.groups[0].count = 6
    #expect(
      announcer.take(snapshot)
        == ["more failures G-07: 6 items, check lint: <n>:<n> line too long"])
  }

  @Test func `progress is told at each fifth percent, and after five minutes`() {
    var announcer = Announcer(zone: Zone())
    var snapshot = run.snapshot()
    _ = announcer.take(snapshot)
    func move(_ seconds: Int, done: Int) -> [String] {
      snapshot.at = FakeRun.now.advanced(by: .seconds(seconds))
      snapshot.summary.counts.queued -= done - snapshot.summary.counts.done
      snapshot.summary.counts.done = done
      return announcer.take(snapshot)
    }
    #expect(move(9, done: 150).isEmpty, "not more often than every ten seconds")
    #expect(move(11, done: 151).map { $0.prefix(10) } == ["15 percent"])
    #expect(move(60, done: 152).isEmpty)
    #expect(move(311, done: 153).map { $0.prefix(10) } == ["15 percent"])
  }

  @Test func `pauses, breakers and engines that go are told`() {
    var announcer = Announcer(zone: Zone())
    var run = run
    run.hasCalls = true
    #expect(announcer.take(run.snapshot()).contains("breaker openai is OPEN, 612 items wait"))
    run.state = .paused
    run.why = "cap reached"
    #expect(
      announcer.take(run.snapshot()).first == "document-modules is PAUSED: cap reached")
    run.hasEngine = false
    #expect(announcer.take(run.snapshot()).contains("no engine works on it"))
  }
}

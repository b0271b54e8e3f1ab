// The relay's decisions, driven by a manual clock against a sink in memory.

import BatchModel
import Outbox
import Resilience
import Testing

@Suite("The relay")
struct RelayTests {
  @Test("delivers every event once and in order to a sink that is well")
  func well() {
    let driver = RelayDriver(seed: 1)
    driver.append(2_345)
    #expect(driver.drain())
    #expect(driver.sink.taken == Array(1...2_345))
    #expect(driver.sink.posts == 5)
    #expect(driver.relay.sinkHealth == .well)
    #expect(driver.backlog.cursor.delivered == 2_345)
    #expect(driver.backlog.sizeBytes == 0)
  }

  @Test("leaves no event out and none unordered, whatever the sink does", arguments: 0..<300)
  func hostile(seed: Int) {
    let driver = RelayDriver(seed: UInt64(seed))
    driver.sink.failureRate = Double(seed % 5) * 0.15
    driver.sink.eventsMax = [.max, 7, 100, 1][seed % 4]
    for sequence in 1...Int64(400) where driver.random.next() % 40 == 0 {
      driver.sink.refuses.insert(sequence)
    }
    driver.append(400)
    #expect(driver.drain())
    #expect(Set(driver.failed) == driver.sink.refuses)
    var known: Set<Int64> = []
    let first = driver.sink.taken.filter { known.insert($0).inserted }
    // A reply that was lost brings events twice; without the repeats they are all there, in order.
    let isWhole = first == (1...400).filter { !driver.sink.refuses.contains($0) }
    #expect(isWhole)
    #expect(driver.backlog.cursor.failed == Int64(driver.sink.refuses.count))
    #expect(driver.backlog.cursor.position == 400)
  }

  @Test("finds one refused event of five hundred in a few deliveries")
  func bisection() {
    let driver = RelayDriver(seed: 2)
    driver.sink.refuses = [321]
    driver.append(500)
    #expect(driver.drain())
    #expect(driver.failed == [321])
    #expect(driver.sink.posts <= 22)
    #expect(driver.sink.taken.count == 499)
  }

  @Test("halves a batch that is too large, and grows again afterwards")
  func tooLarge() {
    let driver = RelayDriver(seed: 3)
    driver.sink.eventsMax = 60
    driver.append(500)
    #expect(driver.drain())
    #expect(driver.sink.taken == Array(1...500))
    driver.sink.eventsMax = .max
    driver.append(20_000)
    let before = driver.sink.posts
    #expect(driver.drain())
    #expect(driver.sink.posts - before < 80)
  }

  @Test("gives up a single event that is too large for the sink")
  func singleTooLarge() {
    let driver = RelayDriver(seed: 4)
    driver.sink.eventsMax = 0
    driver.append(1)
    driver.step()
    #expect(driver.failed == [1])
  }

  @Test(
    "holds everything when the sink takes nothing from us, rather than refusing event by event",
    arguments: [301, 401, 403, 404, 405, 415])
  func unwilling(status: Int) {
    let driver = RelayDriver(seed: 5)
    driver.sink.fixed = SinkAnswer(status: status, retryAfter: nil, reason: "")
    driver.append(50)
    for _ in 0..<200 { driver.step() }
    #expect(driver.failed.isEmpty)
    #expect(driver.backlog.pending == 50)
    #expect(driver.relay.sinkHealth == .unwilling)
    #expect(driver.relay.trouble.contains("\(status)"))
    driver.sink.fixed = nil
    #expect(driver.drain())
    #expect(driver.sink.taken == Array(1...50))
  }

  @Test("asks a dead sink less and less, at most every 72 seconds, and finds it well again")
  func dead() {
    let driver = RelayDriver(seed: 6)
    driver.sink.fixed = .failed("nobody is there", retryAfter: nil)
    driver.append(10)
    let start = driver.now
    while start.duration(to: driver.now) < .seconds(3600) { driver.step() }
    #expect((50...90).contains(driver.sink.posts))
    #expect(driver.relay.sinkHealth == .open)
    driver.sink.fixed = nil
    let well = driver.now
    #expect(driver.drain())
    #expect(well.duration(to: driver.now) < .seconds(75))
    #expect(driver.relay.sinkHealth == .well)
    #expect(driver.relay.trouble.isEmpty)
  }

  @Test("waits as long as the sink asks, and does not hold that against it")
  func busy() {
    let driver = RelayDriver(seed: 7)
    driver.sink.fixed = SinkAnswer(status: 429, retryAfter: .seconds(30), reason: "")
    driver.append(1)
    driver.step()
    let due = driver.relay.nextTry(at: driver.now)
    #expect(due.map { driver.now.duration(to: $0) >= .seconds(30) } == true)
    for _ in 0..<20 { driver.step() }
    #expect(driver.relay.sinkHealth == .failing)
  }

  @Test("asks for the sink's health before it tries a sink that failed, and believes it")
  func health() {
    let probe = HealthProbe(path: "/health", every: .seconds(30), timeout: .seconds(1))
    let driver = RelayDriver(seed: 8, options: Relay.Options(health: probe))
    driver.sink.fixed = .failed("down", retryAfter: nil)
    driver.append(3)
    let start = driver.now
    while start.duration(to: driver.now) < .seconds(600) { driver.step() }
    #expect(driver.sink.posts == 1)
    driver.sink.fixed = nil
    #expect(driver.drain())
  }

  @Test("tries at once when somebody is in a hurry")
  func hurry() {
    let driver = RelayDriver(seed: 9)
    driver.sink.fixed = .failed("down", retryAfter: nil)
    driver.append(3)
    for _ in 0..<60 { driver.step() }
    driver.sink.fixed = nil
    driver.relay.hurry(at: driver.now)
    driver.step()
    #expect(driver.sink.taken == [1, 2, 3])
  }

  @Test("slows down when a sink refuses every single event, instead of burning through them")
  func refusesAll() {
    let driver = RelayDriver(seed: 10)
    driver.sink.fixed = .refused(status: 400, reason: "no")
    driver.append(1_000)
    let start = driver.now
    while start.duration(to: driver.now) < .seconds(600) { driver.step() }
    #expect((6...60).contains(driver.failed.count))
    #expect(driver.failed == Array(1...Int64(driver.failed.count)))
  }
}

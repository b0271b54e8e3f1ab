// Single flight, freshness and time-outs of a health check.

import Resilience
import Testing

@Suite("A health check's cache")
struct HealthCheckCacheTests {
  @Test("one asks the service, the others wait for that answer and share it")
  func singleFlight() throws {
    var cache = HealthCheckCache()
    let probe = try probe(cache.ask(at: second(0)))
    #expect(cache.ask(at: second(0.5)) == .wait(until: second(1)))
    #expect(cache.ask(at: second(0.5), forced: true) == .wait(until: second(1)))
    #expect(cache.report(probe, isHealthy: true, at: second(0.6)) == true)
    for at in [0.6, 30.5] { #expect(cached(cache.ask(at: second(at)))?.isHealthy == true) }
    _ = try self.probe(cache.ask(at: second(30.6)))
  }

  @Test("a probe that does not report in time has answered: unhealthy")
  func timesOut() throws {
    var cache = HealthCheckCache()
    let lost = try probe(cache.ask(at: second(0)))
    #expect(cached(cache.ask(at: second(5)))?.isHealthy == false)
    #expect(cache.report(lost, isHealthy: true, at: second(6)) == false)
    #expect(cached(cache.ask(at: second(6)))?.checkedAt == second(1))
    let late = try probe(cache.ask(at: second(40)))
    #expect(cache.report(late, isHealthy: true, at: second(41)) == false)
    #expect(cache.latest?.isHealthy == false)
  }

  @Test("counts good answers in a row, and can be forced")
  func inARow() throws {
    var cache = HealthCheckCache()
    for (at, isHealthy, expected) in [(0.0, true, 1), (1, true, 2), (2, false, 0), (3, true, 1)] {
      let probe = try probe(cache.ask(at: second(at), forced: true))
      cache.report(probe, isHealthy: isHealthy, at: second(at))
      #expect(cache.latest?.successesInARow == expected)
      #expect(cache.report(probe, isHealthy: isHealthy, at: second(at)) == false)
    }
  }

  private func probe(_ asked: HealthCheckCache.Asked) throws -> HealthCheckCache.Probe {
    guard case .probe(let probe) = asked else { throw Unexpected.refused }
    return probe
  }

  private func cached(_ asked: HealthCheckCache.Asked) -> HealthCheckCache.Answer? {
    guard case .cached(let answer) = asked else { return nil }
    return answer
  }
}

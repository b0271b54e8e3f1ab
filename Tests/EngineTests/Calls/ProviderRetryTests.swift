// Retries are bounded by what a provider's successes have earned.

import BatchModel
import Resilience
import Testing

@testable import Engine

@Suite("A provider's retries")
struct ProviderRetryTests {
  /// A machine whose provider's breaker trips only after many failures.
  private static func machine(_ count: Int) -> MachineFixture {
    var provider = Fixture.provider()
    provider.breaker = CircuitBreaker.Options(consecutiveFailures: 1000, minimumCalls: 1000)
    var run = MachineFixture.calls(providers: [provider], callSlots: 64)
    run.beginCalls(Fixture.items(count))
    run.confirm(1...Int64(count))
    return run
  }

  /// How long the item of the attempt that ends now has to wait.
  private func pause(
    _ run: inout MachineFixture, _ attempt: Int64, told: Duration? = nil
  ) throws -> Duration {
    run.end(attempt, .failed, notBefore: told.map { run.now.advanced(by: $0) })
    let move = try #require(run.last.moves.first)
    #expect(move.to == .waiting && move.waitReason == .retry)
    return run.now.duration(to: try #require(move.until))
  }

  @Test("are soon until twenty are used, then wait the longest pause; none is given up")
  func used() throws {
    var run = Self.machine(24)
    for attempt in Int64(1)...20 { #expect(try pause(&run, attempt) < .seconds(4)) }
    for attempt in Int64(21)...24 { #expect(try pause(&run, attempt) >= .seconds(60)) }
  }

  @Test("are earned by successes, ten for one")
  func earned() throws {
    var run = Self.machine(35)
    for attempt in Int64(1)...20 { _ = try pause(&run, attempt) }
    for attempt in Int64(21)...30 { run.end(attempt) }
    #expect(try pause(&run, 31) < .seconds(4))
    #expect(try pause(&run, 32) >= .seconds(60))
  }

  @Test("of answers that a check refused are free")
  func checked() throws {
    var run = Self.machine(24)
    for attempt in Int64(1)...24 {
      var report = Fixture.ended(.answered, cents: 1)
      report.end = .failed(Failure(kind: .check, message: "no JSON"))
      run.send(.ended(AttemptID(attempt), report))
      let until = try #require(run.last.moves.first?.until)
      #expect(run.now.duration(to: until) < .seconds(4))
    }
  }

  @Test("that a server asked for are free")
  func asked() throws {
    var run = Self.machine(24)
    for attempt in Int64(1)...22 { _ = try pause(&run, attempt, told: .seconds(2)) }
    #expect(try pause(&run, 23) < .seconds(4))
  }
}

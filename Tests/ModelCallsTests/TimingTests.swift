// Time-outs, silence, cancellation and shutdown, on a clock that the tests move.

import Providers
import Testing

@testable import ModelCalls

@Suite("The time of a call", .timeLimit(.minutes(1)))
struct TimingTests {
  typealias Raw = Rig<RawServer>
  static let begun = Act.say(Reply.streamHead + Reply.chunk(Reply.piece("Gre")))

  /// Runs a call whose clock is moved by `step` once `isReady` has returned.
  private static func end(
    of request: CallRequest, _ caller: ModelCaller, _ clock: ManualClock, step: Duration,
    when isReady: @escaping @Sendable (Signal) async -> Void
  ) async -> CallEnd {
    let progress = Signal()
    async let end = caller.call(request) { _ in progress.fire() }
    await isReady(progress)
    clock.advance(by: step)
    return await end
  }

  @Test("ends with a stall before the first byte")
  func silence() async throws {
    let clock = ManualClock()
    try await Raw.withRaw(clock: clock.callClock, acts: { _ in [.awaitRequest] }) { rig in
      let end = await Self.end(
        of: try rig.request(timeout: .seconds(600), stall: .seconds(30)), rig.caller, clock,
        step: .seconds(31)
      ) { _ in await rig.server.waitForRequest() }
      #expect(end.outcome?.code == "stalled")
      #expect(end.outcome?.verdict == .fallBack)
      #expect(end.outcome?.charge == .worstCase)
      #expect(end.took == .seconds(31))
      await rig.server.waitForHangUp()
    }
  }

  @Test("ends with a stall in the middle of a stream, and keeps what had come")
  func stalledStream() async throws {
    let clock = ManualClock()
    try await Raw.withRaw(clock: clock.callClock, acts: { _ in [.awaitRequest, Self.begun] }) {
      rig in
      let end = await Self.end(
        of: try rig.request(timeout: .seconds(600), stall: .seconds(30)), rig.caller, clock,
        step: .seconds(31)
      ) { await $0.wait() }
      #expect(end.outcome?.code == "stalled")
      #expect(end.outcome?.answer?.text == "Gre")
      #expect(end.outcome?.charge == .worstCase)
      #expect(end.firstTokenAfter == .zero)
    }
  }

  @Test("ends with its time-out however much the server says")
  func timeout() async throws {
    let clock = ManualClock()
    try await Raw.withRaw(clock: clock.callClock, acts: { _ in [.awaitRequest, Self.begun] }) {
      rig in
      let end = await Self.end(
        of: try rig.request(timeout: .seconds(20), stall: .seconds(30)), rig.caller, clock,
        step: .seconds(20)
      ) { await $0.wait() }
      #expect(end.outcome?.code == "timed-out")
      #expect(end.outcome?.verdict == .fallBack)
    }
  }

  @Test("is its own among other calls': the shorter one ends first, and the longer goes on")
  func several() async throws {
    let clock = ManualClock()
    let acts: @Sendable (Int) -> [Act] = { connection in
      connection == 0 ? [.awaitRequest] : [.awaitRequest, Self.begun]
    }
    try await Raw.withRaw(clock: clock.callClock, acts: acts) { rig in
      let long = try rig.request(timeout: .seconds(20))
      let longEnd = Task { await rig.caller.call(long) }
      await rig.server.waitForRequest()
      let shortEnd = await Self.end(
        of: try rig.request(timeout: .milliseconds(300)), rig.caller, clock,
        step: .milliseconds(300)
      ) { await $0.wait() }
      #expect(shortEnd.outcome?.code == "timed-out")
      #expect(shortEnd.took == .milliseconds(300))
      clock.advance(by: .seconds(20))
      let end = await longEnd.value
      #expect(end.outcome?.code == "timed-out")
      #expect(end.took == .milliseconds(20_300))
    }
  }

  @Test("costs nothing when it runs out before the request has left")
  func neverSent() async throws {
    let clock = ManualClock()
    // The server takes the connection and never encrypts.
    try await Raw.withRaw(scheme: "https", clock: clock.callClock, acts: { _ in [] }) { rig in
      let end = await Self.end(
        of: try rig.request(timeout: .seconds(2)), rig.caller, clock, step: .seconds(3)
      ) { _ in await rig.server.waitForConnection() }
      #expect(end.outcome?.code == "connect-timed-out")
      #expect(end.outcome?.charge == .nothing)
    }
  }

  @Test("is over soon after the answer, whether or not the server closes the stream")
  func lingering() async throws {
    let clock = ManualClock()
    let whole = Reply.piece("Green.") + Reply.stop + Reply.usage + Reply.done
    let acts = [Act.awaitRequest, .say(Reply.streamHead + Reply.chunk(whole))]
    try await Raw.withRaw(clock: clock.callClock, acts: { _ in acts }) { rig in
      let end = await Self.end(
        of: try rig.request(timeout: .seconds(600), stall: .seconds(300)), rig.caller, clock,
        step: CallPulse.lingerMax
      ) { await $0.wait() }
      #expect(end.outcome?.verdict == .answered)
      #expect(end.outcome?.answer?.text == "Green.")
      #expect(end.took < .seconds(10))
    }
  }

  @Test("is up at once when its task is cancelled, and charged when it had been sent")
  func cancelled() async throws {
    try await Raw.withRaw(acts: { _ in [.awaitRequest, Self.begun] }) { rig in
      let request = try rig.request()
      let progress = Signal()
      let task = Task { await rig.caller.call(request) { _ in progress.fire() } }
      await progress.wait()
      task.cancel()
      guard case .cancelled(let charge, let partial) = await task.value.result else {
        Issue.record("the call went on")
        return
      }
      #expect(charge == .worstCase)
      #expect(partial?.text == "Gre")
      await rig.server.waitForHangUp()
    }
  }

  @Test("costs nothing when its task is cancelled before the request has left")
  func cancelledEarly() async throws {
    try await Raw.withRaw(scheme: "https", acts: { _ in [] }) { rig in
      let request = try rig.request()
      let task = Task { await rig.caller.call(request) }
      await rig.server.waitForConnection()
      task.cancel()
      #expect(await task.value.result == .cancelled(charge: .nothing, partial: nil))
      #expect(rig.server.requests.isEmpty)
    }
  }

  @Test("is not made at all by a task that was cancelled before")
  func cancelledBefore() async throws {
    try await Raw.withRaw(acts: { _ in [.awaitRequest] }) { rig in
      let request = try rig.request()
      let task = Task {
        while !Task.isCancelled { await Task.yield() }
        return await rig.caller.call(request)
      }
      task.cancel()
      #expect(await task.value.result == .cancelled(charge: .nothing, partial: nil))
      #expect(rig.server.connectionCount == 0)
    }
  }

  @Test("is refused, not cancelled, when the refusal's status had come")
  func cancelledRefusal() async throws {
    let acts = [
      Act.awaitRequest, .say("HTTP/1.1 529 Busy\r\ncontent-length: 99\r\n\r\n{\"error\":"),
    ]
    try await Raw.withRaw(acts: { _ in acts }) { rig in
      let request = try rig.request()
      let progress = Signal()
      let task = Task { await rig.caller.call(request) { _ in progress.fire() } }
      await progress.wait()
      task.cancel()
      let outcome = try #require(await task.value.outcome)
      #expect(outcome.code == "overloaded")
      #expect(outcome.charge == .nothing)
    }
  }

  @Test("is the caller's: a shutdown waits for the calls under way and lets no new one begin")
  func shutdownWaits() async throws {
    let acts = [Act.awaitRequest, .pause, .say(Reply.whole(Reply.answer))]
    try await Raw.withRaw(acts: { _ in acts }) { rig in
      let request = try rig.request(streams: false)
      async let end = rig.caller.call(request)
      await rig.server.waitForRequest()
      async let farewell: Void = rig.caller.shutdown(.waitForCalls)
      rig.server.proceed()
      #expect(await end.outcome?.verdict == .answered)
      await farewell
      let late = await rig.caller.call(request)
      #expect(late.result == .cancelled(charge: .nothing, partial: nil))
      #expect(rig.server.requests.count == 1)
    }
  }

  @Test("is cut short by a shutdown that does not wait")
  func shutdownCancels() async throws {
    try await Raw.withRaw(acts: { _ in [.awaitRequest, Self.begun] }) { rig in
      let request = try rig.request()
      let progress = Signal()
      async let end = rig.caller.call(request) { _ in progress.fire() }
      await progress.wait()
      await rig.caller.shutdown(.cancelCalls)
      guard case .cancelled(let charge, let partial) = await end.result else {
        Issue.record("the call went on")
        return
      }
      #expect(charge == .worstCase)
      #expect(partial?.text == "Gre")
    }
  }
}

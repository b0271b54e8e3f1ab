// Calls against the mock provider on a real socket.

import Foundation
import MockProvider
import Providers
import Resilience
import Synchronization
import Testing

@testable import ModelCalls

@Suite("A model caller", .timeLimit(.minutes(1)))
struct ModelCallerTests {
  @Test(
    "brings the answer of every API, streamed or whole",
    arguments: ModelAPI.allCases, [true, false])
  func answers(api: ModelAPI, streams: Bool) async throws {
    try await Rig<MockServer>.withMock { rig in
      let end = await rig.caller.call(try rig.request(api, streams: streams))
      let outcome = try #require(end.outcome)
      #expect(outcome.verdict == .answered)
      #expect(outcome.answer?.text.hasPrefix("Echo: Name a colour") == true)
      guard case .usage(let usage) = outcome.charge else {
        Issue.record("\(outcome.charge)")
        return
      }
      #expect(usage.outputTokens > 0)
      #expect((end.firstTokenAfter != nil) == streams)
      #expect(rig.server.log.keys.keys.contains("ik:1"))
    }
  }

  @Test("works with a base address that ends in /v1")
  func baseWithVersion() async throws {
    try await Rig<MockServer>.withMock(path: "/v1/") { rig in
      let outcome = try await rig.outcome(.anthropic)
      #expect(outcome.verdict == .answered)
    }
  }

  @Test("sends key, idempotency key and body as they are, and no more")
  func request() async throws {
    let acts = [Act.awaitRequest, .say(Reply.whole(Reply.answer))]
    try await Rig<RawServer>.withRaw(acts: { _ in acts }) { rig in
      let request = try rig.request(.anthropic)
      _ = await rig.caller.call(request)
      let seen = try #require(rig.server.requests.first)
      let parts = seen.split(separator: "\r\n\r\n", maxSplits: 1)
      #expect(parts.last.map { Array($0.utf8) } == request.http.body)
      let lines = parts[0].split(separator: "\r\n").map { $0.lowercased() }
      #expect(lines.first == "post /v1/messages http/1.1")
      for line in [
        "x-api-key: \(Fixture.key)", "idempotency-key: ik:1", "anthropic-version: 2023-06-01",
        "content-type: application/json", "accept: text/event-stream", "user-agent: footplate",
      ] {
        #expect(lines.contains(line))
      }
      #expect(!lines.contains { $0.hasPrefix("authorization") })
    }
  }

  @Test("uses its connections again, also after streams, and opens no more than calls at once")
  func reuse() async throws {
    let stream = Reply.piece("Green.") + Reply.stop + Reply.usage + Reply.done
    let acts = (0..<4).flatMap { _ in
      [Act.awaitRequest, .say(Reply.streamHead + Reply.chunk(stream) + Reply.lastChunk)]
    }
    try await Rig<RawServer>.withRaw(acts: { _ in acts }) { rig in
      for _ in 0..<4 {
        let outcome = try await rig.outcome()
        #expect(outcome.verdict == .answered)
      }
      #expect(rig.server.requests.count == 4)
      #expect(rig.server.connectionCount == 1)
    }
  }

  @Test("makes as many calls at once as it was made for")
  func concurrent() async throws {
    // Nobody is answered before all have asked.
    let acts = [Act.awaitRequest, .pause, .say(Reply.whole(Reply.answer))]
    try await Rig<RawServer>.withRaw(
      options: Fixture.options(concurrent: 64), proceedAfter: 64, acts: { _ in acts }
    ) { rig in
      await withTaskGroup(of: Verdict?.self) { group in
        for _ in 0..<64 {
          group.addTask {
            // A request that cannot be made would show as a missing verdict.
            guard let request = try? rig.request() else { return nil }
            return await rig.caller.call(request).outcome?.verdict
          }
        }
        for await verdict in group { #expect(verdict == .answered) }
      }
      #expect(rig.server.connectionCount == 64)
    }
  }

  @Test("tells how the answer grows, at most four times a second")
  func progress() async throws {
    let clock = ManualClock()
    let acts =
      [Act.awaitRequest, .say(Reply.streamHead)]
      + (0..<50).map { _ in .say(Reply.chunk(Reply.piece("word"))) }
      + [
        .pause, .say(Reply.chunk(Reply.piece("late"))), .say(Reply.chunk(Reply.stop)),
        .say(Reply.lastChunk),
      ]
    try await Rig<RawServer>.withRaw(clock: clock.callClock, acts: { _ in acts }) { rig in
      let told = Mutex<[CallProgress]>([])
      let end = await rig.caller.call(try rig.request()) { progress in
        let count = told.withLock { told in
          told.append(progress)
          return told.count
        }
        guard count == 1 else { return }
        clock.advance(by: .milliseconds(250))
        rig.server.proceed()
      }
      #expect(end.outcome?.answer?.text.hasPrefix("wordword") == true)
      let all = told.withLock { $0 }
      try #require(all.count == 2)
      #expect(all[0].outputTokens >= 1)
      #expect(all[1].outputTokens > all[0].outputTokens)
      #expect(all[1].bytes > all[0].bytes)
    }
  }

  @Test("obeys what the provider says about limits")
  func limits() async throws {
    let script = #"{"rules":[{"do":"rate-limited","retry_after_s":30,"times":1}]}"#
    try await Rig<MockServer>.withMock(script) { rig in
      let outcome = try await rig.outcome()
      guard case .rateLimited(let until?) = outcome.verdict else {
        Issue.record("\(outcome.verdict)")
        return
      }
      let wait = WallClock.now.duration(to: until)
      #expect(wait > .seconds(15) && wait <= .seconds(30))
      #expect(outcome.charge == .nothing)
      let next = try await rig.outcome()
      #expect(next.verdict == .answered)
    }
  }

  @Test(
    "finds a provider well when it answers, whatever it thinks of the key",
    arguments: [
      ("200 OK", true), ("401 No", true), ("404 What", true), ("429 Later", true),
      ("500 Oops", false), ("503 Busy", false), ("302 There", false),
    ])
  func health(status: String, isHealthy: Bool) async throws {
    let acts = [Act.awaitRequest, .say(Reply.whole("{}", status: status))]
    try await Rig<RawServer>.withRaw(acts: { _ in acts }) { rig in
      let check = HealthCheck(
        api: .anthropic, path: "/v1/models", server: try ServerAddress(rig.base), key: nil,
        timeout: .seconds(60))
      let finding = await rig.caller.check(check)
      #expect(finding.isHealthy == isHealthy)
      #expect(finding.message.isEmpty == isHealthy)
      #expect(rig.server.requests.first?.hasPrefix("GET /v1/models ") == true)
    }
  }

  @Test(
    "finds a provider ill that does not answer in time, or cannot be asked",
    arguments: [
      "/v1/models", "no path",
    ])
  func noHealth(path: String) async throws {
    let clock = ManualClock()
    try await Rig<RawServer>.withRaw(clock: clock.callClock, acts: { _ in [.awaitRequest] }) {
      rig in
      let check = HealthCheck(
        api: .openai, path: path, server: try ServerAddress(rig.base), key: nil,
        timeout: .seconds(1))
      async let finding = rig.caller.check(check)
      if path == "/v1/models" {
        await rig.server.waitForRequest()
        clock.advance(by: .seconds(1))
      }
      let found = await finding
      #expect(!found.isHealthy)
      #expect(!found.message.isEmpty)
    }
  }
}

// Calls against the mock provider on a real socket.

import Foundation
import MockProvider
import ModelCalls
import Providers
import Testing

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
}

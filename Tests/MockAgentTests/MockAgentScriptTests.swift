// Scripts of mock agents: what they may say, and what is told of a slip.

import BatchModel
import Testing

@testable import MockAgent

@Suite struct MockAgentScriptTests {
  private func script(_ text: String) throws -> MockAgentScript {
    try MockAgentScript(try JSONReader.value(of: text))
  }

  @Test func `The first rule whose conditions all hold decides what is done`() throws {
    let script = try script(
      """
      {"rules": [{"item": "b", "try": 1, "acts": [{"do": "fail", "text": "no"}]},
                 {"item": "b", "acts": [{"do": "silence"}]}],
       "otherwise": [{"do": "heartbeat"}]}
      """)
    #expect(script.acts(for: .sample(item: "b")) == [.fail(text: "no", retryable: nil)])
    #expect(script.acts(for: .sample(item: "b", tryNumber: 2)) == [.silence])
    #expect(script.acts(for: .sample(item: "a")) == [.heartbeat])
  }

  @Test(arguments: [
    (#"{"rulez": []}"#, "script.rulez is unknown; it may have start, rules, otherwise, "),
    (#"{"rules": [{"acts": [{"do": "dance"}]}]}"#, "script.rules[0].acts[0].do: dance is none of "),
    (#"{"start": [{"do": "wait", "ms": -1}]}"#, "script.start[0].ms: expected a number from 0 to "),
    (#"{"start": [{}]}"#, "script.start[0].do says what happens; it is missing"),
    ("[]", "script is no object"),
  ])
  func `A slip is told with its place and what was expected`(text: String, message: String) {
    #expect {
      try script(text)
    } throws: { error in
      "\(error)".hasPrefix(message)
    }
  }
}

extension AgentCommand {
  /// A command as an engine writes it.
  static func sample(item: String = "a", attempt: Int64 = 7, tryNumber: Int = 1) -> AgentCommand {
    AgentCommand(
      attempt: AttemptID(attempt), key: IdempotencyKey(digest: Digest(of: item)),
      run: RunID("run-20250101-000000-00000000"), item: item, ordinal: 1, occurrence: 1,
      step: "write", round: 1, tryNumber: tryNumber,
      inputs: AgentCommand.Inputs(
        item: .object([:]), itemFile: "/nowhere/item.json", prompt: "Do it.", folder: "/nowhere",
        staging: "/nowhere", output: "/nowhere/candidate"))
  }
}

// The agent protocol's lines, byte for byte, and the schemas that say what they look like.

import BatchModel
import Testing

@Suite struct AgentProtocolTests {
  private static let usage = AgentUsage(model: "m", inputTokens: 1, outputTokens: 2, cost: "0.5")
  private static let messages: [(AgentMessage, AgentSchema)] = [
    (.heartbeat(AgentHeartbeat(attempt: AttemptID(7))), .heartbeat),
    (.log(AgentLog(attempt: AttemptID(7), level: "warn", message: "a\nb")), .log),
    (
      .result(
        AgentResult(attempt: AttemptID(7), answer: "x", usage: [usage], feedback: "more")), .result
    ),
    (
      .failed(
        AgentFailed(attempt: AttemptID(7), message: "no", retryable: false, usage: [usage])),
      .failed
    ),
    (.event(AgentEvent(attempt: AttemptID(7), kind: .artifact(path: "a/b"))), .event),
    (.event(AgentEvent(attempt: AttemptID(7), kind: .usage(usage))), .event),
    (
      .event(
        AgentEvent(
          attempt: AttemptID(7),
          kind: .progress(AgentProgress(message: "half", done: 1, total: 2)))), .event
    ),
  ]

  private func json(_ line: [UInt8]) throws -> JSONValue {
    #expect(line.last == 10)
    #expect(line.count { $0 == 10 } == 1)
    return try JSONReader.value(of: line.dropLast())
  }

  @Test func `Every message survives its line, and has exactly the members of its schema`() throws {
    for (message, schema) in Self.messages {
      let line = AgentProtocol.line(message)
      #expect(try AgentProtocol.read(AgentMessage.self, from: line) == message)
      #expect(try json(line).members.isSubset(of: schema.propertyNames))
      #expect(try json(line).members.isSuperset(of: schema.requiredNames))
    }
  }

  @Test func `A full command has all members of its schema, and an instruction survives its line`()
    throws
  {
    let command = AgentCommand(
      attempt: AttemptID(7), key: IdempotencyKey(digest: Digest(of: "k")), run: RunID("run-1"),
      item: "a", ordinal: 1, occurrence: 1, step: "write", round: 2, tryNumber: 3,
      snapshot: SnapshotID("snap-0123456789ab"),
      inputs: AgentCommand.Inputs(
        item: .object(["n": .integer(1)]), itemFile: "/i", prompt: "p", promptFile: "/p",
        feedback: "f", feedbackFile: "/f", folder: "/w", staging: "/s", output: "/s/candidate"),
      deadline: "2026-01-01T00:00:00.000Z", params: ["t": .number(0.5)])
    let line = AgentProtocol.line(AgentInstruction.command(command))
    #expect(try AgentProtocol.read(AgentInstruction.self, from: line) == .command(command))
    let value = try json(line)
    #expect(value.members == AgentSchema.command.propertyNames)
    let inputs = try #require(AgentSchema.command.schema["properties"]?["inputs"])
    #expect(value["inputs"]?.members == inputs["properties"]?.members)
    #expect(value["protocol"] == .integer(1))
    let cancel = AgentProtocol.line(AgentInstruction.cancel(AttemptID(7)))
    #expect(String(decoding: cancel, as: UTF8.self) == #"{"attempt":7,"type":"cancel"}"# + "\n")
  }

  @Test func `Messages and events of a later version are known as unknown`() throws {
    for (line, type) in [
      (#"{"type":"telepathy","x":1}"#, "telepathy"), (#"{"type":"event","event":"x"}"#, "event x"),
    ] {
      #expect(try AgentProtocol.read(AgentMessage.self, from: line.utf8) == .unknown(type: type))
    }
  }

  @Test(arguments: [
    ("", "it is no JSON"), ("<html>", "it is no JSON"), ("[1]", "it is no JSON object"),
    ("\"x\"", "it is no JSON object"), ("{}", #"it has no "type""#),
    (#"{"type":"log"}"#, #"it has no "message""#),
    (#"{"type":"result","attempt":"7"}"#, #"its "attempt" has the wrong type"#),
    (#"{"type":"result","attempt":1e999}"#, "it is no JSON"),
    (
      #"{"type":"event","event":"usage","usage":{"output_tokens":100000001}}"#,
      #"its "usage.output_tokens" cannot be: 100000001 tokens"#
    ),
  ])
  func `What is no message is told in a sentence`(line: String, why: String) {
    #expect(throws: BadAgentLine(reason: why)) {
      try AgentProtocol.read(AgentMessage.self, from: line.utf8)
    }
  }

  @Test func `Nesting without end and bytes that are no text are refused`() {
    for line in [[UInt8](repeating: 91, count: 200_000), [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x7D]] {
      #expect(throws: BadAgentLine.self) {
        try AgentProtocol.read(AgentMessage.self, from: line)
      }
    }
  }

  @Test func `Every schema carries its name and version`() {
    #expect(
      AgentSchema.allCases.map { $0.schema["title"]?.string } == [
        "agent-command.v1", "agent-cancel.v1", "agent-event.v1", "agent-heartbeat.v1",
        "agent-log.v1", "agent-result.v1", "agent-failed.v1", "snapshot-manifest.v1",
      ])
  }
}

extension JSONValue {
  fileprivate var members: Set<String> {
    guard case .object(let members) = self else { return [] }
    return Set(members.keys)
  }
}

extension AgentSchema {
  private var forms: [JSONValue] {
    guard case .array(let forms)? = schema["oneOf"] else { return [schema] }
    return forms
  }

  fileprivate var propertyNames: Set<String> {
    forms.reduce(into: []) { $0.formUnion($1["properties"]?.members ?? []) }
  }

  /// What every form demands.
  fileprivate var requiredNames: Set<String> {
    let names = forms.map { form -> Set<String> in
      guard case .array(let names)? = form["required"] else { return [] }
      return Set(names.compactMap(\.string))
    }
    return names.dropFirst().reduce(names.first ?? []) { $0.intersection($1) }
  }
}

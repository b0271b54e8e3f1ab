// Command-line agents' output: reports, tool calls, quotas, and output that is no report.

import BatchModel
import Resilience
import Testing

@testable import Providers

@Suite("An agent's report")
struct AgentTests {
  static func read(
    _ text: String, _ format: AgentFormat, cut: Int? = nil
  ) -> (report: AgentReport, log: [String]) {
    var reader = AgentReader(format: format)
    let bytes = Array(text.utf8)
    var log: [String] = []
    if let cut { log += reader.receive(Array(bytes[..<cut])) }
    log += reader.receive(Array(bytes[(cut ?? 0)...]))
    log += reader.finish()
    return (reader.report, log)
  }

  static let claude = """
    npm warn something
    {"type":"system","subtype":"init","session_id":"s-1","model":"claude-sonnet-4-5"}
    {"type":"assistant","message":{"content":[{"type":"text","text":"is_error: true"},{"type":"tool_use","name":"Bash","input":{"command":"make test"}},{"type":"tool_use","name":"Edit","input":{"file_path":"a.swift"}}]},"session_id":"s-1"}
    {not json
    {"type":"result","subtype":"success","is_error":false,"num_turns":4,"result":"Done: ä","session_id":"s-1","total_cost_usd":0.0123456,"usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":7}}
    """

  static let codex = """
    {"type":"thread.started","thread_id":"t-1"}
    {"type":"turn.started"}
    {"type":"item.started","item":{"id":"1","type":"command_execution","command":"bash -lc ls"}}
    {"type":"item.completed","item":{"id":"1","type":"command_execution","command":"bash -lc ls","exit_code":0}}
    {"type":"item.completed","item":{"id":"2","type":"file_change","changes":[{"path":"b.swift","kind":"update"}]}}
    {"type":"item.completed","item":{"id":"3","type":"agent_message","text":"Finished."}}
    {"type":"turn.completed","usage":{"input_tokens":100,"cached_input_tokens":80,"output_tokens":9}}

    """

  @Test("of claude has its answer, exact cost, usage, session and tool calls")
  func claudeReport() {
    let (report, log) = Self.read(Self.claude, .claudeStreamJSON)
    #expect(report.answer == "Done: ä")
    #expect(report.cost == Money(picodollars: 12_345_600_000))
    #expect(report.usage == .usage(Usage(inputTokens: 10, cacheReadTokens: 5, outputTokens: 7)))
    #expect(report.session == "s-1")
    #expect(report.turns == 4)
    #expect(report.failure == nil)
    #expect(log == ["npm warn something", "Bash: make test", "Edit: a.swift", "{not json"])
  }

  @Test("of codex counts cached input once and adds up its turns")
  func codexReport() {
    let (report, log) = Self.read(Self.codex + Self.codex, .codexJSON)
    #expect(report.answer == "Finished.")
    #expect(report.usage == .usage(Usage(inputTokens: 40, cacheReadTokens: 160, outputTokens: 18)))
    #expect(report.session == "t-1")
    #expect(log.prefix(2) == ["shell: bash -lc ls", "edit: b.swift"])
  }

  @Test("is the same however the output is cut")
  func everyCut() {
    for (text, format) in [(Self.claude, AgentFormat.claudeStreamJSON), (Self.codex, .codexJSON)] {
      let whole = Self.read(text, format)
      for cut in 0...text.utf8.count {
        #expect(Self.read(text, format, cut: cut) == whole, "cut at \(cut)")
      }
    }
  }

  @Test("of one's own form is read by pointers")
  func pointers() throws {
    let pointers = AgentPointers(
      cost: JSONPointer("/stats/cost~1usd"), inputTokens: JSONPointer("/stats/0"),
      outputTokens: JSONPointer("/tokens/1"), answer: JSONPointer("/out"),
      error: JSONPointer("/failed"), session: JSONPointer("/id"))
    let text =
      #"{"stats":{"cost/usd":0.5},"tokens":[1,2],"out":{"b":1,"a":[]},"failed":false,"id":"x"}"#
    let report = Self.read(text, .pointers(pointers)).report
    #expect(report.cost == Money(picodollars: 500_000_000_000))
    #expect(report.usage == .usage(Usage(outputTokens: 2)))
    #expect(report.answer == #"{"a":[],"b":1}"#)
    #expect(report.failure == nil)
    #expect(JSONPointer("out") == nil)
  }

  @Test("printed for people, over many lines, is read as one document")
  func manyLines() {
    let pointers = AgentPointers(cost: JSONPointer("/cost"), answer: JSONPointer("/out"))
    let text = "{\n  \"cost\": 0.25,\n  \"out\": \"x\"\n}\n"
    let report = Self.read(text, .pointers(pointers)).report
    #expect(report.cost == Money(picodollars: 250_000_000_000))
    #expect(report.answer == "x")
    #expect(report.isComplete)
  }

  @Test("has its answer where the definition says, and nowhere else")
  func pointedAnswer() {
    func answer(_ pointer: String) -> String? {
      var reader = AgentReader(format: .claudeStreamJSON, answer: JSONPointer(pointer))
      _ = reader.receive(Array(Self.claude.utf8))
      _ = reader.finish()
      return reader.report.answer
    }
    #expect(answer("/result") == "Done: ä")
    #expect(answer("/usage/output_tokens") == "7")
    #expect(answer("/structured_output") == nil)
  }

  private static func verdict(
    _ text: String, _ format: AgentFormat = .claudeJSON, exitedCleanly: Bool = true,
    hasCandidate: Bool = false
  ) -> AgentReport.Verdict {
    read(text, format).report.verdict(
      exitedCleanly: exitedCleanly, hasCandidate: hasCandidate, outputTail: text,
      now: ClassificationTests.now, offset: .zero)
  }

  @Test(
    "is judged by what it says, not by words in it",
    arguments: [
      (#"{"type":"result","is_error":false,"result":"usage limit reached"}"#, "done"),
      (#"{"type":"result","is_error":false,"result":""}"#, "hollow"), ("", "hollow"),
      (
        #"{"type":"result","is_error":true,"result":"API Error: 500"}"#,
        #"failed("API Error: 500")"#
      ),
      (#"{"type":"result","subtype":"error_max_turns"}"#, #"failed("error_max_turns")"#),
      (#"{"type":"result","is_error":"false","result":"x"}"#, "done"),
      (#"[{"type":"system"},{"type":"result","is_error":false,"result":"ok"}]"#, "done"),
    ])
  func verdicts(text: String, expected: String) {
    #expect("\(Self.verdict(text))".hasPrefix(expected), "\(Self.verdict(text))")
  }

  @Test("knows an exhausted quota by its words, with and without a report")
  func quota() {
    let until = ClassificationTests.later(5 * 3600)
    let report =
      #"{"type":"result","is_error":true,"result":"You've hit your limit · resets 3pm (UTC)"}"#
    #expect(Self.verdict(report, exitedCleanly: false) == .quota(resetsAt: until))
    #expect(
      Self.verdict("5-hour limit reached ∙ resets 3pm", exitedCleanly: false)
        == .quota(resetsAt: until))
    let codex =
      #"{"type":"turn.failed","error":{"message":"You've hit your usage limit. Try again in 5 hours."}}"#
    #expect(Self.verdict(codex, .codexJSON) == .quota(resetsAt: until))
  }

  @Test("has a form for every name that a definition may give")
  func names() {
    #expect(AgentFormat.names.allSatisfy { AgentFormat(named: $0) != nil })
    #expect(AgentFormat(named: "claude-stream-json") == .claudeStreamJSON)
    #expect(AgentFormat(named: "claude") == nil)
  }

  @Test("counts a candidate that the process left as its work")
  func candidate() {
    #expect(Self.verdict("", hasCandidate: true) == .done)
    #expect(Self.verdict("", exitedCleanly: false, hasCandidate: true) == .failed(""))
  }

  @Test("passes over a line without end")
  func endless() {
    var reader = AgentReader(format: .claudeJSON)
    let piece = Array(repeating: UInt8(ascii: "{"), count: 1 << 20)
    for _ in 0..<20 { _ = reader.receive(piece) }
    _ = reader.receive(Array("\n".utf8) + Array(Self.claude.utf8))
    _ = reader.finish()
    #expect(reader.report.answer == "Done: ä")
  }
}

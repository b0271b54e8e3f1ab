// One thing that a mock agent does in an attempt, as the script says it.

package import BatchModel

/// An act.
package enum MockAct: Hashable, Sendable {
  case wait(milliseconds: Int64)
  case heartbeat
  case log(level: String?, text: String)
  case progress(AgentProgress)
  case artifact(path: String)
  case usage(AgentUsage)
  /// Writes a file: at the output path, or beneath the folder to work in.
  case write(path: String?, text: String)
  /// Ends the attempt well; `nil` answers nothing.
  case answer(text: String?, usage: AgentUsage?, feedback: String?)
  case fail(text: String, retryable: Bool?)
  /// Says nothing any more, and does not end either.
  case silence
  /// A line that is no message.
  case garbage(text: String)
  /// A line of so many bytes.
  case long(bytes: Int)
  /// A message of a type that nobody knows.
  case unknown
  /// A result of another attempt.
  case late
  case exit(status: Int32)
}

extension MockAct {
  /// The words that `do` may have.
  static let names = [
    "wait", "heartbeat", "log", "progress", "artifact", "usage", "write", "answer", "fail",
    "silence", "garbage", "long", "unknown", "late", "exit",
  ]

  init(_ value: JSONValue, at place: String) throws(MockAgentScript.Mistake) {
    var fields = try MockAgentFields(value, at: place)
    guard let name = try fields.text("do") else {
      throw MockAgentScript.Mistake(message: "\(place).do says what happens; it is missing")
    }
    self = try Self.act(named: name, &fields, at: place)
    try fields.end()
  }

  private static func act(
    named name: String, _ fields: inout MockAgentFields, at place: String
  ) throws(MockAgentScript.Mistake) -> MockAct {
    switch name {
    case "wait": return .wait(milliseconds: try fields.integer("ms", in: 0...86_400_000) ?? 0)
    case "log":
      return .log(level: try fields.text("level"), text: try fields.text("text") ?? "")
    case "progress":
      let counts: ClosedRange<Int64> = 0...Int64.max
      return .progress(
        AgentProgress(
          message: try fields.text("text"), done: try fields.integer("done", in: counts),
          total: try fields.integer("total", in: counts)))
    case "artifact": return .artifact(path: try fields.text("path") ?? "")
    case "usage": return .usage(try fields.usage())
    case "write":
      return .write(path: try fields.text("path"), text: try fields.text("text") ?? "")
    case "answer":
      let usage = fields.take("usage")
      var inner = try usage.map { value throws(MockAgentScript.Mistake) in
        try MockAgentFields(value, at: "\(place).usage")
      }
      return .answer(
        text: try fields.text("text"), usage: try inner?.usage(),
        feedback: try fields.text("feedback"))
    case "fail":
      return .fail(text: try fields.text("text") ?? "", retryable: try fields.flag("retryable"))
    case "garbage": return .garbage(text: try fields.text("text") ?? "<html>")
    case "long":
      let bytes = try fields.integer("bytes", in: 1...1_000_000_000)
      return .long(bytes: Int(bytes ?? Int64(AgentProtocol.lineBytesMax + 1)))
    case "exit": return .exit(status: Int32(try fields.integer("status", in: 0...255) ?? 1))
    default: return try plain(named: name, at: place)
    }
  }

  private static func plain(
    named name: String, at place: String
  ) throws(MockAgentScript.Mistake) -> MockAct {
    switch name {
    case "heartbeat": return .heartbeat
    case "silence": return .silence
    case "unknown": return .unknown
    case "late": return .late
    default:
      let known = names.joined(separator: ", ")
      throw MockAgentScript.Mistake(message: "\(place).do: \(name) is none of \(known)")
    }
  }
}

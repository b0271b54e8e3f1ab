// An agent's standard output read as it comes: its report, and its tool calls as lines for the log.

import BatchModel

/// Reads the output of one command-line agent.
///
/// It holds one line, of at most 16 MiB; what is longer, or no JSON, is passed over, as agents mix
/// warnings into their output.
package struct AgentReader: Sendable {
  static let lineBytesMax = 16 << 20

  private let format: AgentFormat
  private var line: [UInt8] = []
  private var isPassingOver = false
  package private(set) var report = AgentReport()

  package init(format: AgentFormat) { self.format = format }

  /// Reads on, in chunks cut anywhere; gives the lines for the log, in order.
  package mutating func receive(_ chunk: [UInt8]) -> [String] {
    var log: [String] = []
    for part in chunk.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      if part.offset > 0 { endLine(into: &log) }
      append(part.element)
    }
    return log
  }

  /// Reads what has no line feed at its end; the report is complete then.
  package mutating func finish() -> [String] {
    var log: [String] = []
    endLine(into: &log)
    return log
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    guard !isPassingOver else { return }
    guard line.count + bytes.count <= Self.lineBytesMax else {
      isPassingOver = true
      line = []
      return
    }
    line.append(contentsOf: bytes)
  }

  private mutating func endLine(into log: inout [String]) {
    defer {
      line.removeAll(keepingCapacity: true)
      isPassingOver = false
    }
    guard let start = line.first(where: { $0 != 32 && $0 != 9 && $0 != 13 }),
      start == UInt8(ascii: "{") || start == UInt8(ascii: "[")
    else { return }
    // No JSON: a line of the agent's own that only looks like it.
    guard let value = try? JSONReader.value(of: line[...]) else { return }
    read(value, into: &log)
  }

  private mutating func read(_ value: JSONValue, into log: inout [String]) {
    // Asked for JSON with --verbose, claude prints all its messages as one array.
    if case .array(let values) = value {
      for element in values { read(element, into: &log) }
      return
    }
    switch format {
    case .claudeJSON, .claudeStreamJSON: log += report.receive(claude: value)
    case .codexJSON: log += report.receive(codex: value)
    case .pointers(let pointers): report.receive(own: value, at: pointers)
    }
  }
}

// An agent's standard output read as it comes: its report, and its tool calls as lines for the log.

import BatchModel

/// Reads the output of one command-line agent.
///
/// It holds one line, of at most 16 MiB; what is longer is passed over. Agents mix warnings into their
/// output: a line that is no JSON goes to the log as it is.
package struct AgentReader: Sendable {
  static let lineBytesMax = 16 << 20
  /// What the log gets of a line that is no message.
  private static let shownBytesMax = 4096

  private let format: AgentFormat
  /// Where the answer stands, if not where the form has it.
  private let answer: JSONPointer?
  /// What was found there last.
  private var pointed: String?
  /// The whole output of a form that may be printed over many lines; `nil` for the others, and for
  /// one that is too long.
  private var document: [UInt8]?
  private var line: [UInt8] = []
  private var isPassingOver = false
  package private(set) var report = AgentReport()

  package init(format: AgentFormat, answer: JSONPointer? = nil) {
    self.format = format
    self.answer = answer
    if case .pointers = format { document = [] }
  }

  /// Reads on, in chunks cut anywhere; gives the lines for the log, in order.
  package mutating func receive(_ chunk: [UInt8]) -> [String] {
    var log: [String] = []
    if (document?.count ?? 0) + chunk.count <= Self.lineBytesMax {
      document?.append(contentsOf: chunk)
    } else {
      document = nil
    }
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
    // Printed for people, a document is no line of JSON, and all of it is.
    if !report.isComplete, let document, let value = try? JSONReader.value(of: document[...]) {
      read(value, into: &log)
    }
    document = nil
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
    else { return show(into: &log) }
    // No JSON: a line of the agent's own that only looks like it.
    guard let value = try? JSONReader.value(of: line[...]) else { return show(into: &log) }
    read(value, into: &log)
  }

  private func show(into log: inout [String]) {
    let shown = line.last == 13 ? line.dropLast() : line[...]
    guard !shown.isEmpty else { return }
    log.append(String(decoding: shown.prefix(Self.shownBytesMax), as: UTF8.self))
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
    guard let answer else { return }
    switch answer.value(in: value) {
    case nil, .null?: break
    case .string(let text)?: pointed = text
    case let found?: pointed = found.canonical
    }
    report.answer = pointed
  }
}

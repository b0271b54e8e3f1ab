// A command-line agent's report, heard while its process runs.

import BatchModel
import Executors
import Providers
import Synchronization

/// Hears one attempt of a step whose output tells what it used.
final class AgentEar: Sendable {
  /// What was heard.
  struct Heard: Sendable {
    var report: AgentReport
    /// The end of standard output: quota messages stand there when there is no report.
    var tail: String
  }

  private struct State {
    var reader: AgentReader
    var tail: [UInt8] = []
    var isOver = false
  }

  private static let tailBytesMax = 4096
  private let output: AgentOutput
  private let state: Mutex<State>

  init(_ output: AgentOutput) {
    self.output = output
    state = Mutex(State(reader: AgentReader(output)))
  }

  /// For the executor.
  var reading: OutputReading {
    OutputReading(
      listener: { [self] chunk in hear(chunk) }, answer: { [self] in answer })
  }

  /// All that was said; nothing is heard after it was asked for.
  var heard: Heard {
    state.withLock { state in
      Self.end(&state)
      return Heard(
        report: state.reader.report, tail: String(decoding: state.tail, as: UTF8.self))
    }
  }

  private func hear(_ chunk: UnsafeRawBufferPointer) -> [UInt8] {
    state.withLock { state in
      guard !state.isOver else { return [] }
      let end = chunk.suffix(Self.tailBytesMax)
      state.tail.removeFirst(max(0, state.tail.count + end.count - Self.tailBytesMax))
      state.tail.append(contentsOf: end)
      return state.reader.receive(Array(chunk)).flatMap { Array($0.utf8) + [10] }
    }
  }

  private static func end(_ state: inout State) {
    guard !state.isOver else { return }
    state.isOver = true
    _ = state.reader.finish()
  }

  private var answer: OutputReading.Answer {
    let text = heard.report.answer ?? ""
    if text.contains(where: { !$0.isWhitespace }) { return .text(text) }
    switch (output.answer, output.form) {
    case (let pointer?, _): return .missing("nothing at \(pointer) of what it printed")
    case (nil, .pointers): return .none
    case (nil, _): return .missing("no answer in its report on standard output")
    }
  }
}

extension AgentReader {
  fileprivate init(_ output: AgentOutput) {
    // What a loaded definition has is a pointer.
    let answer = output.answer.flatMap { JSONPointer($0) }
    switch output.form {
    case .claudeJSON: self.init(format: .claudeJSON, answer: answer)
    case .claudeStreamJSON: self.init(format: .claudeStreamJSON, answer: answer)
    case .codexJSON: self.init(format: .codexJSON, answer: answer)
    case .pointers(let names):
      func pointer(_ name: String) -> JSONPointer? { names[name].flatMap { JSONPointer($0) } }
      self.init(
        format: .pointers(
          AgentPointers(
            cost: pointer("cost"), inputTokens: pointer("input_tokens"),
            outputTokens: pointer("output_tokens"), error: pointer("error"),
            session: pointer("session"))), answer: answer)
    }
  }
}

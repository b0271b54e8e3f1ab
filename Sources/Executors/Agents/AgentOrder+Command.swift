// From an order to the line that the agent reads, cut to the length that the protocol allows.

import BatchModel
import DurableFiles
import Glibc
import Resilience

extension AgentOrder {
  /// The order cannot be told in one line.
  struct TooLong: Error, CustomStringConvertible {
    var bytes: Int
    var description: String {
      "the command is \(bytes) bytes long without its item and prompt, and a line holds "
        + "\(AgentProtocol.lineBytesMax); shorten `params`"
    }
  }

  /// What a command can do without, since it stands in a file too.
  private enum Part: CaseIterable { case item, prompt, feedback }

  /// The command's line.
  ///
  /// What does not fit is left out, longest first, and the agent reads it from its file.
  func commandLine(
    in staging: StagingFolder, folder: String, at now: Instant
  ) throws -> [UInt8] {
    var inputs = inputs(in: staging, folder: step.workspace ?? folder)
    while true {
      let line = AgentProtocol.line(AgentInstruction.command(command(inputs, at: now)))
      if line.count <= AgentProtocol.lineBytesMax { return line }
      guard let part = Self.longestPart(of: inputs) else { throw TooLong(bytes: line.count) }
      switch part {
      case .item: inputs.item = nil
      case .feedback: inputs.feedback = nil
      case .prompt:
        try staging.write(prompt: inputs.prompt ?? "")
        inputs.promptFile = staging.prompt
        inputs.prompt = nil
      }
    }
  }

  private func inputs(in staging: StagingFolder, folder: String) -> AgentCommand.Inputs {
    AgentCommand.Inputs(
      item: step.item.document, itemFile: staging.itemDocument, prompt: prompt,
      feedback: step.feedback, feedbackFile: step.feedback == nil ? nil : staging.feedback,
      folder: folder, staging: staging.path, output: staging.candidate)
  }

  private func command(_ inputs: AgentCommand.Inputs, at now: Instant) -> AgentCommand {
    AgentCommand(
      attempt: step.attempt, key: step.key, run: step.run, item: step.item.key,
      ordinal: step.item.ordinal, occurrence: step.item.occurrence, step: step.step,
      round: step.round, tryNumber: step.item.tries + 1, snapshot: snapshot, inputs: inputs,
      deadline: step.timeout.map { now.advanced(by: $0).rfc3339 }, params: params)
  }

  private static func longestPart(of inputs: AgentCommand.Inputs) -> Part? {
    func bytes(_ part: Part) -> Int {
      switch part {
      case .item: inputs.item?.canonical.utf8.count ?? 0
      case .prompt: inputs.prompt?.utf8.count ?? 0
      case .feedback: inputs.feedback?.utf8.count ?? 0
      }
    }
    let longest = Part.allCases.max { bytes($0) < bytes($1) }
    return longest.flatMap { bytes($0) > 0 ? $0 : nil }
  }
}

extension StagingFolder {
  /// Where a prompt stands that is too long for a command.
  var prompt: String { "\(path)/prompt.txt" }

  fileprivate func write(prompt text: String) throws(FilesError) {
    // From an earlier agent that ended before it could read it.
    unlink(prompt)
    let file = try Descriptor(
      opening: prompt, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600, operation: "create")
    try file.writeAll(Array(text.utf8), path: prompt)
  }
}

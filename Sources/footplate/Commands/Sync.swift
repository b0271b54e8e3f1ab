// `footplate sync`: the events that wait for their sink.

import ArgumentParser
import BatchDefinition
import BatchModel
import Foundation
import Resilience
import Runtime

struct Sync: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The events that wait for their sink; --now delivers them.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Flag(help: "Deliver what waits, without waiting for a pause to end.") var now = false

  func run() async throws {
    let client = try RunClient(workspace.layout)
    let sync = OutboxSync(client, sink: try sink())
    let figures =
      now ? try await sync.now(file: workspace.definition) : try sync.figures()
    guard let figures else {
      throw CommandError(
        "\(workspace.definition): no sink is named; write events: {sink: \"http://host/events\"}")
    }
    if talk.json {
      try Console.document(OutboxReport(figures))
    } else {
      OutboxText.lines(figures).forEach { Console.line($0) }
    }
    if now, figures.pending > 0 { throw ExitStatus.resumable.code }
  }

  /// The definition's sink; the figures of an old one can be read without a definition.
  private func sink() throws -> EventSink? {
    guard now || FileManager.default.fileExists(atPath: workspace.definition) else { return nil }
    return try DefinitionFile.load(workspace.definition).batch.events
  }
}

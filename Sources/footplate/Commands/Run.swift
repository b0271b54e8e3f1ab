// `footplate run`: start or go on; the dashboard in front, the engine behind, or headless.

import ArgumentParser
import BatchDefinition
import Foundation
import Resilience
import Runtime

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Starts the batch, or goes on with it.",
    discussion: """
      In a terminal the dashboard opens in front and the engine works behind: q leaves the \
      dashboard, not the run. Without a terminal, or with --headless, the engine works in front.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var flags: RunFlags
  @OptionGroup var talk: TalkOptions
  @OptionGroup var screen: ScreenOptions

  func run() async throws {
    let options = flags.options(now: .wallClock)
    let definition = try Definitions.load(workspace, mockAgent: options.mockAgent)
    if flags.dryRun {
      return try await PlanPrinter.show(
        definition, options, workspace.layout, asJSON: talk.json)
    }
    if flags.headless || (!flags.detach && !Console.isInteractive) {
      return try await HeadlessRun(
        layout: workspace.layout, definition: definition, options: options, asJSON: talk.json,
        detail: flags.quiet ? .little : flags.verbose ? .everything : .usual
      ).run()
    }
    let started = try DetachedStart.start(
      executable: try Executable.path(), layout: workspace.layout,
      definition: workspace.definition, options: options)
    if flags.detach {
      return Console.line(
        "\(started.run) is worked on behind (guardian \(started.guardian)); footplate attach")
    }
    try Attachment.open(
      workspace.layout, run: started.run, screen: screen, definition: workspace.definition)
  }
}

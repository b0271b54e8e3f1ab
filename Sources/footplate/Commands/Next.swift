// `footplate next`: one item, then stop.

import ArgumentParser
import Resilience
import Runtime

struct Next: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the next single item, then stops.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions

  func run() async throws {
    var options = RunOptions()
    options.limit = 1
    try await HeadlessRun(
      layout: workspace.layout, definition: try Definitions.load(workspace), options: options,
      asJSON: talk.json, detail: .usual
    ).run()
  }
}

// `footplate attach`: the dashboard on a live or finished run.

import BatchModel
import ArgumentParser
import Foundation
import Runtime

struct Attach: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Opens the dashboard on a live or finished run; q leaves it again.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var screen: ScreenOptions
  @Argument(help: ArgumentHelp("The run; without it the newest.", valueName: "run"))
  var runName: String?

  func run() throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(runName)
    guard Console.isInteractive || screen.plain else {
      throw CommandError("attach needs a terminal; attach --plain and status --watch need none")
    }
    let path = workspace.definition
    try Attachment.open(
      workspace.layout, run: summary.run, screen: screen,
      definition: FileManager.default.fileExists(atPath: path) ? path : nil)
  }
}

// `footplate demo`: a self-contained batch against the mock provider, with a night's worth of trouble.

import ArgumentParser
import BatchModel
import Foundation
import Runtime

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "A self-contained batch of 400 calls, with a night's worth of trouble in it.",
    discussion: """
      An outage, a rate limit, a time-out with a fallback, a runaway loop, refusals and a cap, against \
      a provider on this machine: nothing is paid. Everything happens in a folder of its own; called \
      again it goes on there.
      """)

  @Option(
    name: [.customShort("C"), .long], help: "The folder that it makes, or goes on in.")
  var folder = "footplate-demo"
  @Option(help: "So many times as fast: 1 to 8.") var pace = 1
  @Flag(help: "No dashboard: one line per event.") var headless = false
  @OptionGroup var screen: ScreenOptions

  func validate() throws {
    guard (1...8).contains(pace) else { throw ValidationError("--pace: 1 to 8") }
  }

  func run() async throws {
    let workspace = try WorkspaceOptions.parse(["-C", folder])
    let layout = workspace.layout
    let demo = DemoFolder(path: layout.root)
    if demo.isThere {
      try demo.wake()
    } else {
      try demo.make(pace: DemoPace(factor: pace))
    }
    do {
      try await work(in: workspace)
    } catch let status as ExitCode {
      try tell(layout)
      throw status
    }
    try tell(layout)
  }

  private func work(in workspace: WorkspaceOptions) async throws {
    if headless || !Console.isInteractive {
      return try await HeadlessRun(
        layout: workspace.layout, definition: try Definitions.load(workspace),
        options: RunOptions(), asJSON: false, detail: .usual
      ).run()
    }
    let started = try DetachedStart.start(
      executable: try Executable.path(), layout: workspace.layout,
      definition: workspace.definition, options: RunOptions())
    try Attachment.open(
      workspace.layout, run: started.run, screen: screen, definition: workspace.definition)
  }

  private func tell(_ layout: WorkspaceLayout) throws {
    let client = try RunClient(layout)
    let summary = try client.resolve(nil)
    for line in try DemoStory(of: summary.run, from: client.store, summary: summary).lines {
      Console.line(line)
    }
    Console.line("look closer: footplate failures | ledger | cost | receipts  -C \(folder)")
  }
}

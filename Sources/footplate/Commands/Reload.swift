// `footplate reload`: what a running engine would take up, then the request.

import ArgumentParser
import BatchDefinition
import BatchModel
import BatchStore
import Foundation
import Resilience
import Runtime

struct Reload: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lets a running engine take up new items and let go of vanished ones.",
    discussion: """
      Shows first what would change. Changed steps are not taken up while an engine runs: \
      footplate stop, then footplate run plans from the receipts.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @Flag(help: "Say what would change; ask for nothing.") var dryRun = false

  func run() throws {
    let definition = try Definitions.load(workspace)
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(nil)
    if let started = try client.store.batch(of: summary.run),
      DefinitionDifference(from: started, to: definition.batch) == .recipe
    {
      throw CommandError(
        "the steps changed: footplate stop, then footplate run plans from the receipts "
          + "(footplate plan shows how)", status: .refused)
    }
    let difference = try SourceDifference(
      of: summary.run, from: client.store, to: definition, layout: workspace.layout)
    Console.line("\(difference)")
    guard !dryRun else { return }
    guard client.liveness() != .absent else {
      return Console.line("no engine works on it: footplate run takes this up by itself")
    }
    _ = try client.submit(.reload, of: summary.run, by: NSUserName())
    Console.line("asked; footplate ledger shows what came of it")
  }
}

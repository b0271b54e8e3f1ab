// `footplate gc`: room made by removing what nothing rests on.

import ArgumentParser
import Resilience
import Runtime

struct CollectGarbage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Removes objects, logs and leftovers that no receipt needs.",
    discussion: """
      Receipts and ledgers stay. Objects younger than --keep stay too: they may be the old form of \
      a file that was overwritten on request.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Flag(help: "Say what would go; remove nothing.") var dryRun = false
  @Option(help: "Keep what is younger, such as 7d or 12h.") var keep: DurationArgument?
  @Flag(help: "Remove young objects and backups too.") var all = false

  func validate() throws {
    if all, keep != nil { throw ValidationError("--all and --keep: one of them") }
  }

  func run() throws {
    _ = try RunClient(workspace.layout)
    let grace = all ? .zero : keep?.duration ?? GarbageCollection.standardGrace
    let removals = try GarbageCollection(
      layout: workspace.layout, grace: grace, isDryRun: dryRun
    ).collect()
    let report = GarbageReport(removals, isDryRun: dryRun)
    if talk.json { return try Console.document(report) }
    for removal in removals where removal.count > 0 {
      Console.line("\(removal.what): \(removal.count), \(removal.bytes) bytes")
    }
    Console.line("\(report.bytes) bytes \(dryRun ? "would be freed" : "freed")")
  }
}

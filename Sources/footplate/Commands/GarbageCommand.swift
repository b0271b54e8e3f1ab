// `footplate gc`: room made by removing what nothing rests on.

import ArgumentParser
import Resilience
import Runtime

struct CollectGarbage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Removes objects, logs and leftovers that no receipt needs.",
    discussion: """
      Receipts and ledgers stay. Objects younger than --keep stay too: they may be the old form of \
      a file that was overwritten on request. While .footplate is larger than --size, logs of ended \
      attempts go, and then such objects, the oldest first.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Flag(help: "Say what would go; remove nothing.") var dryRun = false
  @Option(help: "Keep what is younger, such as 7d or 12h.") var keep: DurationArgument?
  @Option(help: "Remove logs of ended attempts that are older, such as 30d.")
  var logs: DurationArgument?
  @Option(help: "What .footplate may take, such as 20GB.") var size: SizeArgument?
  @Flag(help: "Remove young objects and backups too.") var all = false

  func validate() throws {
    if all, keep != nil { throw ValidationError("--all and --keep: one of them") }
  }

  func run() throws {
    _ = try RunClient(workspace.layout)
    let grace = all ? .zero : keep?.duration ?? GarbageCollection.standardGrace
    let removals = try GarbageCollection(
      layout: workspace.layout, grace: grace, logAge: logs?.duration,
      bytesMax: size.map { Int64($0.bytes) }, isDryRun: dryRun
    ).collect()
    let report = GarbageReport(removals, isDryRun: dryRun)
    if talk.json { return try Console.document(report) }
    for removal in removals where removal.count > 0 {
      Console.line("\(removal.what): \(removal.count), \(removal.bytes) bytes")
    }
    Console.line("\(report.bytes) bytes \(dryRun ? "would be freed" : "freed")")
    let left = GarbageCollection.size(of: workspace.layout) - (dryRun ? report.bytes : 0)
    if let size, left > size.bytes {
      Console.line("\(left) bytes are left: receipts, ledgers and what they name stay")
    }
  }
}

// `footplate failures`, `why`, `show`: what went wrong, and what an item went through.

import BatchStore
import ArgumentParser
import BatchModel
import Resilience
import Runtime

struct Failures: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Failed items, grouped by what failed.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Option(help: "Show the items of one group, such as G-07.") var group: String?
  @Flag(help: "Resolved groups too: nothing stands failed in them any more.") var all = false
  @Option(name: .customLong("run"), help: "The run; without it the newest.")
  var runName: String?

  func run() throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(runName)
    let groups = try client.store.failureGroups(
      of: summary.run, at: .wallClock, withResolved: all)
    guard let group else {
      try showGroups(groups)
      if !talk.json, try client.hasReviews(in: summary) { Console.line(StatusText.review) }
      return
    }
    let signature = try client.signature(named: group, in: summary.run)
    try client.forEachRow(
      of: summary.run, filter: ItemFilter(states: [.failed], signature: signature)
    ) { row in
      if talk.json {
        try Console.record(ItemReport(row, steps: summary.steps))
      } else {
        Console.line("\(row.key)  \(row.note)")
      }
    }
  }

  private func showGroups(_ groups: [FailureGroup]) throws {
    if talk.json { return try Console.document(groups.map(FailureReport.init)) }
    if groups.isEmpty { Console.line("nothing failed") }
    for group in groups { GroupText.lines(group).forEach { Console.line($0) } }
  }
}

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "One item whole: its attempts, receipts and artifacts.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Argument(help: "A key, a unique suffix of one, or #ordinal.") var item: String
  @Option(name: .customLong("run"), help: "The run; without it the newest.")
  var runName: String?

  func run() throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(runName)
    let detail = try client.detail(of: item, in: summary.run)
    if talk.json {
      return try Console.document(ItemDetailReport(detail, steps: summary.steps))
    }
    ItemText.lines(detail, steps: summary.steps).forEach { Console.line($0) }
    if try client.store.review(of: detail.row.id) != nil {
      Console.line(
        "its candidate waits for a review: footplate review \(detail.row.shellWord)")
    }
  }
}

struct Why: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Why an item ran, was skipped, waits or failed.")

  @OptionGroup var workspace: WorkspaceOptions
  @Argument(help: "A key, a unique suffix of one, or #ordinal.") var item: String
  @Option(name: .customLong("run"), help: "The run; without it the newest.")
  var runName: String?

  func run() throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(runName)
    let detail = try client.detail(of: item, in: summary.run)
    ItemText.why(detail, steps: summary.steps).forEach { Console.line($0) }
    if try client.store.review(of: detail.row.id) != nil {
      Console.line(
        "its candidate waits for a review: footplate review \(detail.row.shellWord)")
    }
  }
}

// `footplate export`: items, attempts, receipts and results for other programs.

import ArgumentParser
import BatchModel
import BatchStore
import DurableFiles
import Resilience
import Runtime

struct Export: ParsableCommand {
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case items, attempts, receipts, results
  }

  static let configuration = CommandConfiguration(
    abstract: "Items, attempts, receipts or results as NDJSON; results into the collected file.",
    discussion: """
      With collect: in the definition, results writes the collected file, as the end of a run \
      does. Without it, each finished item's result is a line on standard output.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @Argument(help: "items, attempts, receipts or results") var subject: Subject
  @Option(name: .customLong("run"), help: "The run; without it the newest.")
  var runName: String?
  @Flag(help: "Results: also while items are left to do.") var partial = false
  @Flag(help: "Results: over a collected file that a person changed; its form is kept.")
  var force = false

  func validate() throws {
    if partial || force, subject != .results {
      throw ValidationError("--partial and --force are for results")
    }
  }

  func run() throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(runName)
    switch subject {
    case .items:
      try client.forEachRow(of: summary.run, filter: ItemFilter()) { row in
        try Console.record(ItemReport(row, steps: summary.steps))
      }
    case .attempts:
      try client.forEachRow(of: summary.run, filter: ItemFilter()) { row in
        for attempt in try client.store.detail(of: row.id)?.attempts ?? [] {
          try Console.record(AttemptReportLine(attempt, of: row, steps: summary.steps))
        }
      }
    case .receipts:
      try client.store.forEachReceipt { try Console.record(ReceiptReport($0)) }
    case .results: try exportResults(client, summary)
    }
  }

  private func exportResults(_ client: RunClient, _ summary: RunSummary) throws {
    let left = summary.counts.total - summary.counts.ended
    guard left == 0 || partial else {
      throw CommandError(
        "\(left) items are left to do: --partial takes what is there", status: .resumable)
    }
    guard let batch = try client.store.batch(of: summary.run), batch.collect != nil else {
      return try showResults(client, summary)
    }
    let outcome = try CollectedFile(layout: workspace.layout, batch: batch, store: client.store)
      .write(of: summary.run, force: force)
    guard let outcome else { return }
    for problem in outcome.problems { Console.complain("no row for \(problem)") }
    Console.line("\(outcome)")
    if outcome.standing == .leftAlone || outcome.problemCount > 0 {
      throw ExitStatus.someFailed.code
    }
  }

  private func showResults(_ client: RunClient, _ summary: RunSummary) throws {
    let objects = ObjectStore(readingAt: workspace.layout.objects)
    try client.store.forEachReceipt { receipt in
      guard receipt.step == summary.steps.last else { return }
      let object = receipt.candidate.map { objects.path(of: $0.digest) }
      try Console.record(ResultRecord(receipt, object: object))
    }
  }
}

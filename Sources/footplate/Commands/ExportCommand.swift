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
    abstract:
      "Items, attempts, receipts or results, a line each; results into the collected file.",
    discussion: """
      A line is JSON, or with --csv a row of a table. With collect: in the definition, results \
      writes the collected file, as the end of a run does. Without it, each finished item's result \
      is a line on standard output.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @Argument(help: "items, attempts, receipts or results") var subject: Subject
  @Option(name: .customLong("run"), help: "The run; without it the newest.")
  var runName: String?
  @Flag(help: "Comma-separated values with a header line.") var csv = false
  @Flag(help: "JSON, an object a line: the default.") var jsonl = false
  @Flag(help: "Results: also while items are left to do.") var partial = false
  @Flag(help: "Results: over a collected file that a person changed; its form is kept.")
  var force = false

  func validate() throws {
    if partial || force, subject != .results {
      throw ValidationError("--partial and --force are for results")
    }
    if csv, jsonl { throw ValidationError("--csv and --jsonl: one of them") }
  }

  func run() throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(runName)
    switch subject {
    case .items:
      let rows = try rows(of: .item)
      try client.forEachRow(of: summary.run, filter: ItemFilter()) { row in
        try rows(ItemReport(row, steps: summary.steps))
      }
    case .attempts:
      let rows = try rows(of: .attempt)
      try client.forEachRow(of: summary.run, filter: ItemFilter()) { row in
        for attempt in try client.store.detail(of: row.id)?.attempts ?? [] {
          try rows(AttemptReportLine(attempt, of: row, steps: summary.steps))
        }
      }
    case .receipts:
      let rows = try rows(of: .receipt)
      try client.store.forEachReceipt { try rows(ReceiptReport($0)) }
    case .results: try exportResults(client, summary)
    }
  }

  /// What writes a record: as a line of JSON, or as a row below a header that is written here.
  private func rows(of schema: OutputSchema) throws -> (any Encodable) throws -> Void {
    guard csv, let columns = schema.columns else { return { try Console.record($0) } }
    Console.raw(CSVText.row(columns))
    return { Console.raw(CSVText.row(try ReportColumns.cells(of: $0, columns))) }
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
    let rows = try rows(of: .result)
    try client.store.forEachReceipt { receipt in
      guard receipt.step == summary.steps.last else { return }
      let object = receipt.candidate.map { objects.path(of: $0.digest) }
      try rows(ResultRecord(receipt, object: object))
    }
  }
}

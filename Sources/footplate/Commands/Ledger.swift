// `footplate ledger`, `receipts`, `export`: the durable record.

import ArgumentParser
import BatchModel
import BatchStore
import Resilience
import Runtime

struct Receipts: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The receipts of finished steps, newest first.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Argument(help: "An item's key; without it all.") var item: String?
  @Option(help: "At most so many.") var limit = 1000

  func run() throws {
    let client = try RunClient(workspace.layout)
    for receipt in try client.store.receipts(itemKey: item, limit: limit) {
      if talk.json {
        try Console.record(ReceiptReport(receipt))
      } else {
        let paths = receipt.artifacts.map(\.path).joined(separator: " ")
        Console.line("\(receipt.itemKey)  \(receipt.step)  \(receipt.key.key)  \(paths)")
      }
    }
  }
}

struct Export: ParsableCommand {
  enum Subject: String, ExpressibleByArgument, CaseIterable { case items, attempts, receipts }

  static let configuration = CommandConfiguration(
    abstract: "Items, attempts or receipts as NDJSON on standard output.")

  @OptionGroup var workspace: WorkspaceOptions
  @Argument(help: "items, attempts or receipts") var subject: Subject
  @Option(name: .customLong("run"), help: "The run; without it the newest.")
  var runName: String?

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
    }
  }
}

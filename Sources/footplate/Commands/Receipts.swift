// `footplate receipts`: the durable record of finished steps.

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
        Console.line(
          "\(receipt.itemKey)  \(receipt.step)  \(receipt.key.key)  \(paths)"
            + Self.answer(receipt) + (receipt.acceptance.map { "  accepted by \($0.by)" } ?? ""))
      }
    }
  }

  /// `  mock-2 $0.0005`: who answered, and for how much; nothing for a command.
  private static func answer(_ receipt: Receipt) -> String {
    guard let model = receipt.model else { return "" }
    return "  \(model)" + (receipt.cost.map { " \($0.dollars)" } ?? "")
  }
}

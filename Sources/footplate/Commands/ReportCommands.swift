// `footplate report` and `footplate compare`: a run as a page, and two runs side by side.

import ArgumentParser
import BatchModel
import BatchStore
import Foundation
import Runtime

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "A run on a page, as Markdown or HTML: totals, cost, failures, time, what was slow.")

  @OptionGroup var workspace: WorkspaceOptions
  @Flag(help: "One HTML page that needs nothing else; without it Markdown.") var html = false
  @Option(name: .shortAndLong, help: "Write it to this file; without it to standard output.")
  var output: String?
  @Argument(help: ArgumentHelp("The run; without it the newest.", valueName: "run"))
  var runName: String?

  func run() throws {
    let client = try RunClient(workspace.layout)
    let document = try ReportDocument(of: client.resolve(runName), client.store)
    let text = html ? document.html : document.markdown
    guard let output else { return Console.raw(text) }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      throw CommandError("\(output): the report cannot be written: \(error.localizedDescription)")
    }
    Console.line("written: \(output)")
  }
}

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Two runs side by side: which items ended otherwise, failures, calls and cost.",
    discussion: "Without names: the newest run and the one before it.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Option(help: "Name at most so many items.") var limit = 20
  @Argument(help: ArgumentHelp("The earlier run.", valueName: "run")) var first: String?
  @Argument(help: ArgumentHelp("The later run.", valueName: "run")) var second: String?

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit: 0 or more") }
    if first != nil, second == nil { throw ValidationError("two runs, or none: the newest two") }
  }

  func run() throws {
    let client = try RunClient(workspace.layout)
    let (from, to) = try runs(client)
    let comparison = try RunComparison(from, to, client.store, limit: limit)
    if talk.json { return try Console.document(comparison) }
    ComparisonText.lines(comparison).forEach { Console.line($0) }
  }

  private func runs(_ client: RunClient) throws -> (RunSummary, RunSummary) {
    if let first, let second { return (try client.resolve(first), try client.resolve(second)) }
    let newest = try client.store.runs(limit: 2)
    guard newest.count == 2 else {
      throw CommandError("there is one run: nothing to compare it with", status: .usage)
    }
    return (newest[1], newest[0])
  }
}

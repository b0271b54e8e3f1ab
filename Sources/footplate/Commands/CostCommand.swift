// `footplate cost`, `footplate budget`, `footplate breaker`: what calls cost, the cap, and the levers of
// the providers.

import ArgumentParser
import BatchModel
import BatchStore
import Foundation
import Runtime

extension SpendingAxis: ExpressibleByArgument {}
extension BreakerLever: ExpressibleByArgument {}

struct Cost: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What the calls cost, by model, step, day or item.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Option(help: "model, step, day or item") var by: SpendingAxis = .model
  @Flag(help: "All runs of this batch together.") var allRuns = false
  @Flag(help: "Comma-separated values.") var csv = false
  @Option(help: "At most so many rows.") var limit = 1000
  @Argument(help: ArgumentHelp("The run; without it the newest.", valueName: "run"))
  var runName: String?

  func validate() throws {
    if talk.json, csv { throw ValidationError("--json and --csv: one of them") }
    if limit < 1 { throw ValidationError("--limit: at least 1") }
  }

  func run() throws {
    let client = try RunClient(workspace.layout)
    let run = allRuns ? nil : try client.resolve(runName).run
    let rows = try client.store.spending(of: run, by: by, limit: limit)
    if talk.json { return try Console.document(CostReport(rows, by: by, run: run)) }
    if csv { return CostTable(rows).csv(by: by).forEach { Console.raw($0) } }
    CostTable(rows).lines(by: by).forEach { Console.line($0) }
    guard let run, let budget = try client.snapshot(of: run).budget else { return }
    Console.line(StatusText.money(budget))
  }
}

struct BudgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "budget", abstract: "Shows the cap, or sets it while the run goes on.",
    discussion: "A run that paused at its cap goes on with: footplate budget 60 && footplate resume"
  )

  @OptionGroup var workspace: WorkspaceOptions
  @Argument(help: "The new cap, in USD; without it the cap is shown.") var cap: DollarAmount?

  func run() throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(nil)
    guard let cap else {
      let budget = try client.snapshot(of: summary.run).budget
      return Console.line(budget.map(StatusText.money) ?? "nothing is spent, and there is no cap")
    }
    switch try client.submit(.setCap(cap.money), of: summary.run, by: NSUserName()) {
    case .left: Console.line("asked; footplate status shows it")
    case .applied: Console.line("the cap is \(cap.money.dollars): footplate run goes on")
    }
  }
}

struct Breaker: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Pulls a provider's circuit breaker: isolate, disable or close.")

  @OptionGroup var workspace: WorkspaceOptions
  @Argument(help: "The provider's name.") var provider: String
  @Argument(help: "isolate: nothing goes there; disable: everything goes; close: it decides again.")
  var lever: BreakerLever

  func run() throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(nil)
    guard let providers = try client.store.batch(of: summary.run)?.providers,
      providers[provider] != nil
    else { throw CommandError("\(provider): the run has no such provider") }
    switch try client.submit(.breaker(provider: provider, lever), of: summary.run, by: NSUserName())
    {
    case .left: Console.line("asked; footplate status shows it")
    case .applied: Console.line("done")
    }
  }
}

// `footplate plan` (= `run --dry-run`): what would run, be kept or restored, and why.

import ArgumentParser
import BatchDefinition
import BatchModel
import Engine
import Resilience
import Runtime

struct Plan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what a run would do, and why; runs nothing.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Flag(help: "As if with run --refresh.") var refresh = false
  @Flag(help: "As if with run --force.") var force = false

  func run() async throws {
    var options = RunOptions()
    options.refresh = refresh
    options.force = force
    try await PlanPrinter.show(
      try Definitions.load(workspace), options, workspace.layout, asJSON: talk.json)
  }
}

enum PlanPrinter {
  static func show(
    _ definition: LoadedDefinition, _ options: RunOptions, _ layout: WorkspaceLayout, asJSON: Bool
  ) async throws {
    let planner = try Planner(
      layout: layout, definition: definition, insistence: options.insistence)
    let filter = try options.only.map { try GlobPattern($0) }
    let steps = definition.batch.steps.map(\.id)
    var totals = Totals()
    var estimate = try planner.estimate()
    let problems = try planner.forEach { item in
      if let filter, !filter.matches(item.key) { return }
      let record = record(of: item, steps: steps)
      totals.count(item.fate)
      estimate.count(item)
      if asJSON {
        try Console.record(record)
      } else if totals.shown < Totals.shownMax || record.fate == .fails {
        totals.shown += 1
        let step = record.step.map { " \($0)" } ?? ""
        Console.line("\(record.fate.rawValue)\(step)  \(item.key)  (\(record.why))")
      }
    }
    for problem in problems { Console.complain(problem) }
    guard !asJSON else { return }
    for line in totals.lines + PlanText.lines(estimate, cap: definition.batch.budget.cap) {
      Console.line(line)
    }
  }

  private static func record(of item: PlannedItem, steps: [String]) -> PlanRecord {
    switch item.fate {
    case .runs(let step, let why):
      PlanRecord(item: item.key, fate: .runs, step: steps[step], why: why)
    case .kept(let reason, let note):
      PlanRecord(
        item: item.key, fate: .kept, step: nil,
        why: ItemText.sentence(reason) + (note.isEmpty ? "" : "; \(note)"))
    case .restored(let paths):
      PlanRecord(
        item: item.key, fate: .restored, step: nil,
        why: "from objects: \(paths.joined(separator: ", "))")
    case .follows(let cause):
      PlanRecord(
        item: item.key, fate: .follows, step: nil,
        why: "after \(cause), which would run: kept unless its result changes")
    case .fails(let message):
      PlanRecord(item: item.key, fate: .fails, step: nil, why: message)
    }
  }

  private struct Totals {
    static let shownMax = 1000
    var shown = 0
    var all = 0
    var runs = 0
    var unchanged = 0
    var olderRecipe = 0
    var restored = 0
    var following = 0
    var failing = 0

    mutating func count(_ fate: PlannedItem.Fate) {
      all += 1
      switch fate {
      case .runs: runs += 1
      case .kept(.olderRecipe, _): olderRecipe += 1
      case .kept: unchanged += 1
      case .restored: restored += 1
      case .follows: following += 1
      case .fails: failing += 1
      }
    }

    var lines: [String] {
      var lines: [String] = []
      if all > shown { lines.append("and \(all - shown) more; --json lists them all") }
      lines.append("\(all) items: \(runs) would run, \(unchanged) unchanged")
      if olderRecipe > 0 {
        lines.append("\(olderRecipe) done with an older recipe: kept (--refresh runs them again)")
      }
      if following > 0 {
        lines.append("\(following) come after those: they run too if what they rest on changes")
      }
      if restored > 0 { lines.append("\(restored) would be restored from their objects") }
      if failing > 0 { lines.append("\(failing) cannot be prepared") }
      return lines
    }
  }
}

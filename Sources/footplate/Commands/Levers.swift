// `pause`, `resume`, `stop`, `skip`, `cancel`: the levers, without the dashboard.

import ArgumentParser
import BatchModel
import Foundation
import Resilience
import Runtime

/// Submits a request about the run itself and says what became of it.
private func ask(_ action: Request.Action, _ workspace: WorkspaceOptions) throws {
  let client = try RunClient(workspace.layout)
  let summary = try client.resolve(nil)
  switch try client.submit(action, of: summary.run, by: NSUserName()) {
  case .left: Console.line("asked; footplate status shows it")
  case .applied:
    Console.line(StatusText.next(try client.resolve(summary.run.text), engine: .absent))
  }
}

/// The part of a run that a lever is for; without one, the run.
struct HoldOptions: ParsableArguments {
  @Option(help: "Only this provider; the rest goes on.") var provider: String?
  @Option(help: "Only this step; the rest goes on.") var step: String?

  /// The part; `nil` for the whole run.
  func hold() throws -> Hold? {
    switch (provider, step) {
    case (nil, nil): return nil
    case (let name?, nil): return .provider(name)
    case (nil, let id?): return .step(id)
    case (_?, _?): throw CommandError("--provider or --step: one of them at a time")
    }
  }
}

/// Submits a request about a part of the run that is there.
private func ask(
  _ hold: Hold, _ workspace: WorkspaceOptions, _ action: (Hold) -> Request.Action
) throws {
  let client = try RunClient(workspace.layout)
  try client.confirm(hold, in: try client.resolve(nil).run)
  try ask(action(hold), workspace)
}

struct Pause: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Starts nothing more; what runs goes on to its end.")
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var part: HoldOptions
  func run() throws {
    guard let hold = try part.hold() else { return try ask(.pause, workspace) }
    try ask(hold, workspace) { .hold($0) }
  }
}

struct Resume: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Goes on after a pause.")
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var part: HoldOptions
  func run() throws {
    guard let hold = try part.hold() else { return try ask(.resume, workspace) }
    try ask(hold, workspace) { .release($0) }
  }
}

struct Stop: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lets what runs end, then stops the engine; the next run goes on.")
  @OptionGroup var workspace: WorkspaceOptions
  @Flag(help: "Kill what runs; its items are queued again.") var now = false
  @Option(help: "Stop by itself at that time, such as 07:00.") var at: ClockTime?

  func run() throws {
    guard let at else { return try ask(.stop(now: now), workspace) }
    try ask(.stopAt(at.next(after: .wallClock)), workspace)
  }
}

/// Which items a lever is for.
struct ItemOptions: ParsableArguments {
  @Argument(help: "Keys, unique suffixes, #ordinals; - reads keys from standard input.")
  var items: [String] = []
  @Option(help: "Every failed item of a group, such as G-07.") var group: String?

  func selector(_ client: RunClient, _ run: RunID, allFailed: Bool = false) throws
    -> ItemSelector
  {
    let chosen = [!items.isEmpty, group != nil, allFailed].filter { $0 }.count
    guard chosen == 1 else {
      throw CommandError("name items, or a --group, or --failed: exactly one of them")
    }
    if allFailed { return .failed }
    if let group { return .group(try client.signature(named: group, in: run)) }
    return .ids(try references().map { try client.row(of: $0, in: run).id })
  }

  private func references() -> [String] {
    guard items == ["-"] else { return items }
    var lines: [String] = []
    while let line = readLine() { if !line.isEmpty { lines.append(line) } }
    return lines
  }
}

/// Submits an action on items and says what became of it.
func ask(
  _ action: ItemAction, _ items: ItemOptions, _ workspace: WorkspaceOptions,
  allFailed: Bool = false
) throws {
  let client = try RunClient(workspace.layout)
  let summary = try client.resolve(nil)
  let selector = try items.selector(client, summary.run, allFailed: allFailed)
  switch try client.submit(.items(action, selector), of: summary.run, by: NSUserName()) {
  case .left: Console.line("asked; footplate status shows it")
  case .applied(let count): Console.line("\(count) items changed; footplate run goes on")
  }
}

struct Skip: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Leaves items out; what comes after them is skipped too.")
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var items: ItemOptions
  @Option(help: "Why; it is kept.") var reason = "skipped by hand"
  func run() throws { try ask(.skip(reason: reason), items, workspace) }
}

struct Cancel: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Takes items out of the run; one that runs is killed.")
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var items: ItemOptions
  @Option(help: "Why; it is kept.") var reason = "cancelled by hand"
  func run() throws { try ask(.cancel(reason: reason), items, workspace) }
}

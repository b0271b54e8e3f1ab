// `footplate ledger`: the events of a run, as they stand or as they come, and their verification.

import ArgumentParser
import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience
import Runtime

struct Ledger: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The events of a run; --verify replays them and compares.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Flag(help: "Go on as events come, until the engine ends.") var follow = false
  @Flag(help: "Replay the ledger and compare the outcome with the store.") var verify = false
  @Option(help: "Only events after this number.") var after: Int64 = 0
  @Argument(help: ArgumentHelp("The run; without it the newest.", valueName: "run"))
  var runName: String?

  func validate() throws {
    if verify, follow || after > 0 || runName != nil {
      throw ValidationError("--verify is about all events of all runs; it goes alone")
    }
  }

  func run() async throws {
    if verify { return try verifyAll() }
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(runName)
    var printer = LedgerPrinter(client: client, steps: summary.steps, asJSON: talk.json)
    var last = after
    while true {
      // Asked before the events are read: what comes after the answer is read in the next round.
      let isLive = client.liveness() != .absent
      while let end = try printer.show(of: summary.run, after: last) { last = end }
      guard follow, isLive else { return }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  private func verifyAll() throws {
    let layout = workspace.layout
    _ = try RunClient(layout)
    let report = try LedgerVerifier(
      database: layout.database, mirrorFolder: layout.runs,
      objects: ObjectStore(readingAt: layout.objects)
    ).verify(temporaryFolder: layout.state)
    if talk.json {
      try Console.document(LedgerVerificationReport(report))
    } else {
      for problem in report.problems { Console.line("\(problem.code)  \(problem)") }
      Console.line(
        "\(report.events) events replayed: "
          + (report.problems.isEmpty
            ? "the ledger and the store agree"
            : "\(report.problems.count) problems: footplate doctor"))
    }
    if !report.problems.isEmpty { throw ExitStatus.someFailed.code }
  }
}

/// Prints events with the keys of their items.
private struct LedgerPrinter {
  private static let pageSize = 1000
  /// Keys are looked up once; forgetting them costs only another look.
  private static let keysMax = 50_000
  let client: RunClient
  let steps: [String]
  let asJSON: Bool
  private var keys: [ItemID: String] = [:]

  init(client: RunClient, steps: [String], asJSON: Bool) {
    self.client = client
    self.steps = steps
    self.asJSON = asJSON
  }

  /// Prints the next events; returns the last one's number, `nil` when there were none.
  mutating func show(of run: RunID, after sequence: Int64) throws -> Int64? {
    let entries = try client.store.entries(of: run, after: sequence, limit: Self.pageSize)
    for entry in entries {
      try learnKey(of: entry.change)
      try show(entry)
    }
    return entries.last?.sequence
  }

  private func show(_ entry: LedgerEntry) throws {
    let key = entry.change.item.flatMap { keys[$0] }
    if asJSON { return try Console.record(EventRecord(entry, item: key)) }
    let line = EventText.sentence(entry.change, keys: keys, steps: steps)
    Console.line("\(entry.sequence)  \(entry.at.rfc3339)  \(line)")
  }

  private mutating func learnKey(of change: Change) throws {
    guard let item = change.item, keys[item] == nil else { return }
    if keys.count >= Self.keysMax { keys = [:] }
    keys[item] = try client.store.detail(of: item)?.row.key
  }
}

// `footplate logs ITEM`: what the item's attempts wrote.

import BatchStore
import ArgumentParser
import BatchModel
import Canvas
import Foundation
import Resilience
import Runtime

struct Logs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What an item's newest attempt wrote; hostile bytes are made harmless.")

  @OptionGroup var workspace: WorkspaceOptions
  @Argument(help: "A key, a unique suffix of one, or #ordinal.") var item: String
  @Option(name: .customLong("run"), help: "The run; without it the newest.")
  var runName: String?
  @Option(help: "An attempt's number; without it the newest.") var attempt: Int64?
  @Flag(help: "Go on as the attempt writes.") var follow = false

  func run() async throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(runName)
    let detail = try client.detail(of: item, in: summary.run)
    let known = detail.attempts.map(\.id)
    guard let chosen = attempt.map(AttemptID.init) ?? known.last, known.contains(chosen) else {
      throw CommandError("\(detail.row.key) has no such attempt")
    }
    let tail = LogFollower(path: workspace.layout.log(of: chosen, in: summary.run))
    while true {
      for line in try tail.nextLines() { Console.safe(SafeText(log: line)) }
      guard follow, try isUnderWay(chosen, client, summary.run) else { break }
      try await Task.sleep(for: .milliseconds(200))
    }
    for line in try tail.lastLines() { Console.safe(SafeText(log: line)) }
  }

  private func isUnderWay(_ attempt: AttemptID, _ client: RunClient, _ run: RunID) throws -> Bool {
    let detail = try client.detail(of: item, in: run)
    return detail.attempts.first { $0.id == attempt }?.outcome == nil
  }
}

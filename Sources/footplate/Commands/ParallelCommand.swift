// `footplate parallel`: how many attempts run at the same time, shown or changed while the run goes on.

import ArgumentParser
import BatchModel
import Foundation
import Runtime

struct ParallelCommand: ParsableCommand {
  /// As in the definition.
  private static let slots = 1...1024

  static let configuration = CommandConfiguration(
    commandName: "parallel",
    abstract: "Shows how many attempts run at the same time, or changes it while the run goes on.")

  @OptionGroup var workspace: WorkspaceOptions
  @Argument(help: "So many of each kind.") var count: Int?
  @Option(name: .customLong("run"), help: "So many processes.") var processes: Int?
  @Option(help: "So many calls of models.") var llm: Int?
  @Flag(help: "The definition's numbers again.") var definition = false

  func validate() throws {
    let ways = [count != nil, processes != nil || llm != nil, definition].filter { $0 }.count
    guard ways <= 1 else {
      throw ValidationError("a number, or --run and --llm, or --definition: one of them")
    }
    guard [count, processes, llm].compactMap(\.self).allSatisfy(Self.slots.contains) else {
      throw ValidationError("from \(Self.slots.lowerBound) to \(Self.slots.upperBound)")
    }
  }

  func run() throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(nil)
    let standing = try client.parallel(of: summary.run)
    guard count != nil || processes != nil || llm != nil || definition else {
      return Console.line(standing.description)
    }
    var wanted: Parallel?
    if !definition {
      wanted = Parallel(
        run: count ?? processes ?? standing.parallel.run,
        llm: count ?? llm ?? standing.parallel.llm)
    }
    switch try client.submit(.setParallel(wanted), of: summary.run, by: NSUserName()) {
    case .left: Console.line("asked; footplate status shows it")
    case .applied: Console.line(try client.parallel(of: summary.run).description)
    }
  }
}

// The program: its commands, and how an error becomes a message and an exit code.

import ArgumentParser
import Foundation
import Glibc
import NcursesTerminal

@main
struct Footplate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "footplate",
    abstract:
      "Runs long batches of commands and model calls to their end, durably, and shows them live.",
    subcommands: [
      Initialize.self, Plan.self, Render.self, Run.self, Next.self, Attach.self, Status.self,
      Runs.self, Wait.self, Pause.self, Resume.self, Stop.self, Reload.self, Retry.self, Skip.self,
      Cancel.self, BudgetCommand.self, ParallelCommand.self, Breaker.self, Cost.self, Failures.self,
      Review.self, Note.self, Show.self, Why.self, Logs.self, Receipts.self, Export.self,
      Report.self,
      Compare.self, Ledger.self, Lineage.self, Sync.self, Track.self, Land.self, Verify.self,
      Examine.self, CollectGarbage.self, Service.self, Demo.self, MockProviderCommand.self,
      MockAgentCommand.self, Schema.self, Completions.self, Reference.self, EngineProcess.self,
    ])

  static func main() async {
    // A hook is answered within milliseconds, and never with a failure.
    if Track.answersHook(CommandLine.arguments) { return }
    // The screen's thread owns the terminal's signals; no other thread may exist before.
    if TerminalUse.isLikely(CommandLine.arguments) { TerminalSignals.block() }
    // Two spellings of one option: `--resume` alone means the default.
    let arguments = CommandLine.arguments.dropFirst().filter { $0 != "--resume" }
    do {
      var command = try parseAsRoot(Array(arguments))
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      Foundation.exit(report(error))
    }
  }

  /// Says what happened and gives the exit code.
  private static func report(_ error: any Error) -> Int32 {
    if let error = error as? ExitCode { return error.rawValue }
    if let error = error as? CommandError {
      Console.complain("footplate: \(error.message)")
      return error.status.rawValue
    }
    // The parser's own errors: help and version are no failures, wrong usage is 2.
    let code = exitCode(for: error)
    if code == .success || code == .validationFailure {
      let text = fullMessage(for: error)
      code == .success ? Console.raw(text + "\n") : Console.complain(text)
      return code == .success ? 0 : ExitStatus.usage.rawValue
    }
    Console.complain("footplate: \(error)")
    return ExitStatus.of(error).rawValue
  }
}

/// Whether a command line is going to open the dashboard.
enum TerminalUse {
  static func isLikely(_ arguments: [String]) -> Bool {
    guard Console.isInteractive, let command = arguments.dropFirst().first else { return false }
    let words = Set(arguments)
    // Lines need no screen: Ctrl-C and the rest go their usual way.
    if words.contains("--plain") { return false }
    if command == "attach" { return true }
    return ["run", "demo"].contains(command)
      && words.isDisjoint(with: ["--headless", "--detach", "--dry-run"])
  }
}

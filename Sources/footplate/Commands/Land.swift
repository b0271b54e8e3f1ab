// `footplate land`: the commits of a run's worktrees, brought onto the branch that is checked out.

import ArgumentParser
import BatchModel
import Executors
import Runtime

struct Land: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Brings the commits of worktrees onto the current branch, one by one.",
    discussion: """
      In the order of the items. A commit that does not fit leaves the branch as it was and fails \
      its item as a merge conflict: footplate retry --failed, then footplate run, does it again \
      from what the branch has become. What has landed is not landed again.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Flag(help: "Say what would land; change nothing.") var dryRun = false
  @Option(name: .customLong("run"), help: "The run; without it the newest.")
  var runName: String?

  func run() async throws {
    let summary = try RunClient(workspace.layout).resolve(runName)
    let report: CommitLanding.Report
    do {
      report = try await CommitLanding(layout: workspace.layout).land(
        run: summary, isDryRun: dryRun)
    } catch let mistake as CommitLanding.Mistake {
      throw CommandError(mistake.description, status: .refused)
    }
    if talk.json {
      try Console.document(LandingRecord(report))
    } else {
      show(report)
    }
    if report.failedCount > 0 { throw ExitStatus.someFailed.code }
  }

  private func show(_ report: CommitLanding.Report) {
    for (commit, outcome) in report.outcomes {
      Console.line("\(Self.words(outcome))  \(commit.key)  \(commit.commit.text.prefix(12))")
    }
    let landed = report.outcomes.count - report.failedCount
    let verb = report.isDryRun ? "would land" : "landed"
    Console.line(
      "\(landed) \(verb) on \(report.branch), \(report.landedBefore) had landed before, "
        + "\(report.failedCount) failed")
    if report.failedCount > 0, !report.isDryRun {
      Console.line("footplate retry --failed, then footplate run, does them again from there")
    }
  }

  private static func words(_ outcome: LandingOutcome) -> String {
    switch outcome {
    case .landed(let commit): "landed as \(commit.text.prefix(12))"
    case .alreadyThere: "already there"
    case .conflict, .blocked: outcome.failure?.message ?? "failed"
    }
  }
}

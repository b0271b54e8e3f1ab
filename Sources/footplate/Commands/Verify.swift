// `footplate verify`: artifacts on disk against their receipts, and their repair from objects.

import ArgumentParser
import BatchModel
import Resilience
import Runtime

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares every artifact with its receipt; --repair restores what was lost.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Flag(help: "Restore missing and damaged artifacts from their objects.") var repair = false
  @Flag(help: "With --repair: also over a person's change; its form is kept as an object.")
  var force = false

  func validate() throws {
    if force, !repair { throw ValidationError("--force is for --repair") }
  }

  func run() throws {
    let client = try RunClient(workspace.layout)
    let verification =
      repair
      ? try Verification.repair(workspace.layout, force: force) : try Verification.look(client)
    if talk.json {
      try Console.document(VerificationReport(verification))
    } else {
      Self.show(verification)
    }
    if !verification.isClean { throw ExitStatus.someFailed.code }
  }

  private static func show(_ verification: Verification) {
    for line in verification.lines {
      Console.line("\(line.problem)")
      Console.line("  \(sentence(line))")
    }
    let totals = verification.totals
    let wrong = verification.lines.count
    let mended = verification.lines.filter(\.isMended).count
    Console.line(
      "\(totals.artifacts) artifacts of \(totals.receipts) receipts, \(totals.bytes) bytes: "
        + (wrong == 0 ? "all as they should be" : "\(wrong) wrong, \(mended) of them put right"))
  }

  private static func sentence(_ line: Verification.Line) -> String {
    switch line.outcome {
    case .restored(nil): "restored"
    case .restored(let kept?): "restored; what stood there is kept as \(kept.digest)"
    case .sealed: "its object is made again from the artifact"
    case .refused(let reason): reason
    case .leftAlone, .lost, nil: line.problem.remedy
    }
  }
}

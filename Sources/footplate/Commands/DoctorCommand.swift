// `footplate doctor`: what is wrong with a workspace, and its mending.

import BatchModel
import ArgumentParser
import Foundation
import Resilience
import Runtime

struct Examine: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Says what is wrong with a batch's files, and mends it.",
    discussion: """
      Without --fix nothing is changed: each finding says what its fix would do. --fix mends what \
      is safe; --fix CODE mends that one code, also what a person has to want. What a fix changes \
      is kept in .footplate/backups, and --undo takes the last one back.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Flag(help: "Mend what was found.") var fix = false
  @Flag(help: "Take the last fix back.") var undo = false
  @Argument(help: ArgumentHelp("With --fix: only this code.", valueName: "code"))
  var code: String?

  func validate() throws {
    if fix, undo { throw ValidationError("--fix and --undo: one of them") }
    if code != nil, !fix { throw ValidationError("a code goes with --fix") }
  }

  func run() async throws {
    let doctor = Doctor(layout: workspace.layout, definition: workspace.definition)
    if undo { return try takeBack(doctor) }
    let fixes = fix ? try doctor.fix(try wanted(), preview: announce) : []
    let findings = doctor.examine(await doctor.lookAtSink())
    if talk.json {
      try Console.document(
        DoctorReport(findings: findings, fixes: fixes, undo: doctor.undoable))
    } else {
      show(fixes)
      show(findings)
    }
    if !findings.isEmpty { throw ExitStatus.someFailed.code }
  }

  private func wanted() throws -> Finding.Code? {
    guard let code else { return nil }
    guard let known = Finding.Code(rawValue: code.uppercased()) else {
      let all = Finding.Code.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError("\(code): no such code; there are \(all)")
    }
    return known
  }

  private func takeBack(_ doctor: Doctor) throws {
    let undone: (code: String, done: [String])
    do {
      undone = try doctor.undo()
    } catch let error as UndoError {
      throw CommandError("\(error)", status: .refused)
    }
    if talk.json {
      return try Console.document(
        DoctorReport(
          undone: undone.code, done: undone.done, findings: doctor.examine(),
          undo: doctor.undoable))
    }
    Console.line("the fix of \(undone.code) is taken back")
    for sentence in undone.done { Console.line("  \(sentence)") }
  }

  /// The preview, before anything of it is done.
  private func announce(_ findings: [Finding]) {
    guard !talk.json else { return }
    for finding in findings {
      Console.line("\(finding.code.rawValue)  \(finding.subject): \(finding.remedy)")
      for line in finding.preview { Console.line("  \(line)") }
    }
  }

  private func show(_ fixes: [FixResult]) {
    for fix in fixes {
      for sentence in fix.done { Console.line("  \(sentence)") }
      if let backup = fix.backup {
        Console.line("  kept in \(backup); footplate doctor --undo takes it back")
      }
    }
  }

  private func show(_ findings: [Finding]) {
    if findings.isEmpty { return Console.line("nothing is wrong") }
    for finding in findings {
      Console.line(
        "\(finding.code.rawValue)  \(finding.severity.rawValue)  \(finding.subject): "
          + finding.sentence)
      let command = finding.command.map { "\($0): " } ?? ""
      Console.line("  \(command)\(finding.remedy)")
    }
  }
}

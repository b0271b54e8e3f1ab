// What the dashboard asks of the doctor, in the dashboard's words: beside everything else, since it
// reads files, and a thorough look all of them.

import BatchModel
import Dashboard
import Foundation
import Resilience
import Runtime

/// A workspace's doctor behind a screen.
struct DoctorsPractice: Sendable {
  private let layout: WorkspaceLayout
  private let definition: String

  init(_ layout: WorkspaceLayout, definition: String) {
    self.layout = layout
    self.definition = definition
  }

  /// What is said where no definition is beside the workspace: it is a finding, not an alarm.
  static func withoutDefinition(at now: Instant) -> ExaminationReport {
    let finding = Finding(
      .invalidDefinition, .notice, "footplate.yaml",
      "the definition is not beside the workspace, so nothing here is examined", .byHand,
      "name it: footplate attach -f FILE")
    return ExaminationReport(at: now, findings: [finding], undo: nil, isThorough: false)
  }

  func examine(thoroughly isThorough: Bool) -> ExaminationReport {
    let doctor = Doctor(layout: layout, definition: definition)
    let findings = doctor.examine(scope: isThorough ? .everything : .quick)
    return ExaminationReport(
      at: .wallClock, findings: findings, undo: doctor.undoable, isThorough: isThorough)
  }

  /// Mends one code's findings, or all that is safe, and says what was done.
  func mend(_ code: Finding.Code?) throws -> String {
    let sentences = try operate(["--fix"] + (code.map { [$0.rawValue] } ?? []))
    guard let first = sentences.first else { return "there was nothing to mend" }
    let more = sentences.count - 1
    return "mended: \(first)" + (more > 0 ? " and \(more) more" : "")
  }

  /// Takes the last fix back, and says what came back.
  func takeBack() throws -> String {
    let sentences = try operate(["--undo"])
    return "the last fix is taken back" + (sentences.first.map { ": " + $0 } ?? "")
  }

  /// `footplate doctor` as a process of its own.
  ///
  /// A fix copies and replaces the store's files; in the process that has the store open for reading,
  /// that would take the locks of its connections away.
  private func operate(_ words: [String]) throws -> [String] {
    let process = Process()
    let output = Pipe()
    let complaints = Pipe()
    process.executableURL = URL(fileURLWithPath: try Executable.path())
    process.arguments = ["doctor"] + words + ["--json", "-C", layout.root, "-f", definition]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = complaints
    try process.run()
    let report = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = complaints.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard let done = try? JSONDecoder().decode(Report.self, from: report) else {
      let text = String(decoding: complaint, as: UTF8.self).split(separator: "\n").first ?? ""
      throw CommandError(text.isEmpty ? "the doctor said nothing" : String(text))
    }
    return done.fixes.flatMap(\.done)
  }

  /// What is read of the doctor's report.
  private struct Report: Decodable {
    struct Fix: Decodable { let done: [String] }
    let fixes: [Fix]
  }
}

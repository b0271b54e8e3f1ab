// What the dashboard asks of the doctor, in the dashboard's words: beside everything else, since it
// reads files, and a thorough look all of them.

import BatchModel
import Dashboard
import Resilience
import Runtime

/// A workspace's doctor behind a screen.
struct DoctorsPractice: Sendable {
  private let doctor: Doctor

  init(_ doctor: Doctor) { self.doctor = doctor }

  func examine(thoroughly isThorough: Bool) -> ExaminationReport {
    let findings = doctor.examine(scope: isThorough ? .everything : .quick)
    return ExaminationReport(
      at: .wallClock, findings: findings, undo: doctor.undoable, isThorough: isThorough)
  }

  /// Mends one code's findings, or all that is safe, and says what was done.
  func mend(_ code: Finding.Code?) throws -> String {
    let sentences = try doctor.fix(code).flatMap(\.done)
    guard let first = sentences.first else { return "there was nothing to mend" }
    let more = sentences.count - 1
    return "mended: \(first)" + (more > 0 ? " and \(more) more" : "")
  }

  /// Takes the last fix back, and says what came back.
  func takeBack() throws -> String {
    let undone = try doctor.undo()
    return "the fix of \(undone.code) is taken back" + (undone.done.first.map { ": " + $0 } ?? "")
  }
}

// What an attempt left behind: the file it wrote, or what it printed, sealed.

import BatchModel
import DurableFiles
import Glibc

/// Looks for an attempt's candidate once its process tree is gone.
struct CandidateSearch {
  enum Outcome {
    case found(SealedObject)
    case nothing
    case failed(Failure)
  }

  let staging: StagingFolder
  let objects: ObjectStore

  /// - Parameter answer: What was read out of standard output meanwhile.
  func find(
    _ owes: StepOrder.Owes, _ report: ProcessReport, _ answer: OutputReading.Answer
  ) throws(FilesError) -> Outcome {
    var status = stat()
    if lstat(staging.candidate, &status) == 0 { return try fromFile(owes, status) }
    if owes == .nothing { return .nothing }
    switch answer {
    case .text(let text): return .found(try objects.put(Array(text.utf8)))
    case .missing(let why):
      guard owes == .candidate else { return .nothing }
      return hollow("exit 0, but nothing at $FOOTPLATE_OUTPUT and \(why)")
    case .none: break
    }
    switch report.captured {
    case .file: return .found(try objects.seal(staging.standardOutput))
    case .tooLarge(let limit):
      return hollow("standard output is longer than \(limit) bytes; write to $FOOTPLATE_OUTPUT")
    case .failed(let error): return .failed(Failure(of: error, otherwise: .publish))
    case .nothing:
      guard owes == .candidate else { return .nothing }
      return hollow("exit 0, but nothing at $FOOTPLATE_OUTPUT and nothing on standard output")
    }
  }

  private func fromFile(_ owes: StepOrder.Owes, _ status: stat) throws(FilesError) -> Outcome {
    guard status.isFile else {
      return hollow("\(status.kind) stands at $FOOTPLATE_OUTPUT; write a file there")
    }
    if owes == .candidate, status.st_size == 0 {
      return hollow("exit 0, but the file at $FOOTPLATE_OUTPUT is empty")
    }
    return .found(try objects.seal(staging.candidate))
  }

  private func hollow(_ message: String) -> Outcome {
    .failed(Failure(kind: .hollow, message: message))
  }
}

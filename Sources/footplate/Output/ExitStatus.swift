// What the shell is told.

import ArgumentParser
import BatchStore
import DurableFiles
import Runtime

/// The exit codes of every command.
enum ExitStatus: Int32 {
  /// Everything is done.
  case done = 0
  /// Some items failed.
  case someFailed = 1
  /// Wrong usage, or a wrong definition.
  case usage = 2
  /// Refused: another engine holds the run, or the state is unsafe.
  case refused = 3
  /// Stopped early; the next `run` goes on.
  case resumable = 75
  /// Interrupted; the next `run` goes on.
  case interrupted = 130

  var code: ExitCode { ExitCode(rawValue) }
}

/// A command that cannot go on: what happened and what to do next.
struct CommandError: Error, CustomStringConvertible {
  var message: String
  var status: ExitStatus
  init(_ message: String, status: ExitStatus = .usage) {
    self.message = message
    self.status = status
  }
  var description: String { message }
}

extension ExitStatus {
  /// The status of an error that ends a command.
  static func of(_ error: any Error) -> ExitStatus {
    switch error {
    case is OpenError: .refused
    case let error as DetachedStartError: error.status.flatMap(ExitStatus.init) ?? .refused
    case let error as FilesError: error.isRetryable ? .resumable : .refused
    case let error as StoreError:
      if case .newerSchema = error { .refused } else { .resumable }
    default: .usage
    }
  }
}

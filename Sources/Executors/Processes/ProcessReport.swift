// How a process ended, and what was seen of it.

package import BatchModel
package import DurableFiles

/// The end of one process.
package struct ProcessReport: Hashable, Sendable {
  /// Why it is over.
  package enum End: Hashable, Sendable {
    case exited(Int32)
    /// By a signal that was not ours.
    case signalled(Int32)
    case timedOut
    case stalled
    /// Because `kill` was called.
    case killed
    /// Nothing ran; the sentence says why.
    case couldNotStart(String)
  }

  /// What became of the captured standard output.
  package enum Captured: Hashable, Sendable {
    /// Nothing was written, or nothing was to be captured.
    case nothing
    case file(sizeBytes: Int64)
    /// It went past the limit, and what was kept is gone.
    case tooLarge(bytesMax: Int)
    /// The file could not be written.
    case failed(FilesError)
  }

  package var id: AttemptID
  package var end: End
  /// From the start to the leader's end, on a clock that stands still while the host sleeps.
  package var elapsed: Duration
  /// Standard output and error together, also what no log kept.
  package var outputBytes: Int64
  /// The last non-empty line of standard error, else of standard output; at most 4 KiB, masked.
  package var lastLine: String
  /// `nil` when nothing ran.
  package var pid: Int32?
  package var captured: Captured
  /// Why the log is incomplete; the process did not notice.
  package var logProblem: String?
  /// How many turns it was handed, the order's own counted.
  package var turnsBegun = 1
  /// How many bytes of its input it had not read at its end; 0 unless its input stays open.
  package var unreadInputBytes = 0
}

/// News of a process.
package enum ProcessEvent: Sendable {
  case launched(pid: Int32)
  /// The last event.
  case ended(ProcessReport)
}

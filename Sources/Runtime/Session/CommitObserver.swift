// What follows from a commit outside the machine: figures, news, and the end of staging folders.

import BatchModel
import Executors
import Resilience

/// Looks at committed changes.
struct CommitObserver: Sendable {
  let run: RunID
  let epoch: Epoch
  let executor: StepExecutor
  let gauges: GaugeBoard
  let news: @Sendable (SessionNews) -> Void

  func note(_ changes: [Change], at now: Instant) {
    var ended = 0
    // A staging folder is the proof that a process was started, so it stays until the attempt's
    // outcome is durable.
    var settled: [AttemptID] = []
    for change in changes {
      switch change {
      case .attemptEnded(let end): settled.append(end.attempt)
      case .resultRecorded(let result): settled.append(result.attempt)
      case .stepDone(let done):
        if done.result != nil { settled.append(done.attempt) }
        if done.nextStep == nil { ended += 1 }
      case .itemMoved(let move) where move.to.isTerminal: ended += 1
      default: break
      }
    }
    executor.discardStagingLater(of: settled, run: run, epoch: epoch)
    gauges.noteEnded(ended, at: now)
    news(.committed(now, changes))
  }
}

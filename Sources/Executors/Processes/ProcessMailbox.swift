// What other threads ask of the loop: a bounded critical section and an eventfd.

import BatchModel
import CSpawn
import Glibc
import Synchronization

/// Letters to the loop's thread.
final class ProcessMailbox: Sendable {
  struct Launch: Sendable {
    var order: ProcessOrder
    var onEvent: @Sendable (ProcessEvent) -> Void
  }

  struct Kill: Sendable {
    var id: AttemptID
    /// `nil`: only if it has no process yet.
    var grace: Duration?
  }

  /// What is asked of a process that stays.
  enum TurnLetter: Sendable {
    case begin(ProcessTurn, on: AttemptID)
    case end(on: AttemptID, @Sendable (ProcessTurnReport) -> Void)
    case send([UInt8], to: AttemptID)
    case dismiss(AttemptID, patience: Duration)
  }

  struct Letters {
    /// Orders that take no slot; the others stand in the line.
    var launches: [Launch] = []
    /// Orders that were taken out of the line: they end without a start.
    var refusals: [Launch] = []
    /// In the order in which they were posted; handled between launches and kills.
    var turns: [TurnLetter] = []
    var kills: [Kill] = []
    /// Orders that have a slot and wait for the host to afford their process end without a start.
    var recallsPostponed = false
    /// There is something in the line for this loop.
    var hasWork = false
    var isClosed = false
    /// The loop has returned: nobody reads letters any more.
    var isOver = false
    var isEmpty: Bool {
      launches.isEmpty && refusals.isEmpty && turns.isEmpty && kills.isEmpty && !recallsPostponed
        && !hasWork
    }
  }

  private struct State {
    var letters = Letters()
    /// The loop is about to wait, or waits: only then a letter needs the eventfd.
    var isLoopAsleep = false
    var wasClosed = false
  }

  private let state = Mutex(State())
  /// Readable when a letter came while the loop was asleep.
  let wakeup: Int32

  init() {
    wakeup = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    precondition(wakeup >= 0, "eventfd: \(String(cString: strerror(errno)))")
  }

  deinit { close(wakeup) }

  /// Leaves a letter; `false` when the loop is over.
  func post(_ change: (inout Letters) -> Void) -> Bool {
    let (isOver, isLoopAsleep) = state.withLock { state in
      if !state.letters.isOver { change(&state.letters) }
      defer { state.isLoopAsleep = false }
      return (state.letters.isOver, state.isLoopAsleep)
    }
    if isLoopAsleep {
      var one: UInt64 = 1
      // Fails only when the counter is full: then it is readable anyway.
      _ = write(wakeup, &one, 8)
    }
    return !isOver
  }

  /// Takes everything; `nil` when there is nothing new, and then the next letter wakes the loop.
  func take() -> Letters? {
    state.withLock { state in
      let isNews = !state.letters.isEmpty || state.letters.isClosed != state.wasClosed
      state.isLoopAsleep = !isNews
      guard isNews else { return nil }
      defer { state.letters = Letters(isClosed: state.letters.isClosed) }
      state.wasClosed = state.letters.isClosed
      return state.letters
    }
  }

  /// Empties the eventfd after it woke the loop.
  func acknowledge() {
    var count: UInt64 = 0
    // Fails only when nothing was posted.
    _ = read(wakeup, &count, 8)
  }

  /// Ends the post: returns the launches that came too late.
  func finish() -> [Launch] {
    state.withLock { state in
      defer { state.letters = Letters(isClosed: true, isOver: true) }
      return state.letters.launches + state.letters.refusals
    }
  }
}

extension ProcessMailbox.Launch {
  /// Reports an end without a start.
  func refuse(_ end: ProcessReport.End) {
    onEvent(
      .ended(
        ProcessReport(
          id: order.id, end: end, elapsed: .zero, outputBytes: 0, lastLine: "", pid: nil,
          captured: .nothing, logProblem: nil)))
  }
}

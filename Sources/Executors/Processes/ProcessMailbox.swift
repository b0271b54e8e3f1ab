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
    var grace: Duration
  }

  struct Letters {
    var launches: [Launch] = []
    var kills: [Kill] = []
    var isClosed = false
    /// The loop has returned: nobody reads letters any more.
    var isOver = false
  }

  private let letters = Mutex(Letters())
  /// Readable when there are letters.
  let wakeup: Int32

  init() {
    wakeup = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    precondition(wakeup >= 0, "eventfd: \(String(cString: strerror(errno)))")
  }

  deinit { close(wakeup) }

  /// Leaves a letter; `false` when the loop is over.
  func post(_ change: (inout Letters) -> Void) -> Bool {
    let isOver = letters.withLock { letters in
      if !letters.isOver { change(&letters) }
      return letters.isOver
    }
    guard !isOver else { return false }
    var one: UInt64 = 1
    // Fails only when the counter is full: then it is readable anyway.
    _ = write(wakeup, &one, 8)
    return true
  }

  /// Ends the post: returns the launches that came too late.
  func finish() -> [Launch] {
    letters.withLock { letters in
      defer { letters = Letters(isClosed: true, isOver: true) }
      return letters.launches
    }
  }

  /// Takes everything; the loop calls it after the wake-up.
  func take() -> Letters {
    var count: UInt64 = 0
    // Fails only when nothing was posted.
    _ = read(wakeup, &count, 8)
    return letters.withLock { letters in
      defer { letters = Letters(isClosed: letters.isClosed) }
      return letters
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

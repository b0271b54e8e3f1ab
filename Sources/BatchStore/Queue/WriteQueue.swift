// The one bounded queue that every durable write goes through, and the thread that owns the writer.

package import BatchModel
import Dispatch
import Foundation
package import Resilience
import Synchronization

/// Groups writes into transactions and acknowledges them after the commit.
///
/// *Order*: the order of the calls. *Bound*: when it is full, a producer waits in `async`; nothing is
/// dropped. *Failure*: after a commit that failed its outcome is unknown, so everything later
/// answers `latched`; a `conflict` fails the one submission that has it.
///
/// `shutdown` must be called: the thread keeps the queue alive until then.
package final class WriteQueue: Sendable {
  /// How much is gathered before it is written.
  package struct Options: Hashable, Sendable {
    /// Operations that may wait.
    package var capacity: Int
    /// Submissions of one transaction.
    package var batchMax: Int
    /// How long a transaction of submissions waits for more when there is less; zero adds no latency,
    /// and under load the commit before gives time enough to gather.
    package var delayMax: Duration
    package init(capacity: Int = 10_000, batchMax: Int = 256, delayMax: Duration = .zero) {
      precondition(capacity >= 1 && batchMax >= 1, "room for at least one operation")
      self.capacity = capacity
      self.batchMax = batchMax
      self.delayMax = delayMax
    }
  }

  private let options: Options
  private let state = Mutex(QueueState())
  private let wake = DispatchSemaphore(value: 0)

  /// Starts the thread.
  ///
  /// - Parameter onDiskFull: Called once, on the thread, when the disk is full, to make some room;
  ///   the failed transaction is then tried once more.
  package init(
    store: any StoreWriting, options: Options = Options(),
    onDiskFull: @escaping @Sendable () -> Void = {}
  ) {
    self.options = options
    let thread = Thread { [self] in
      var writer = QueueWriter(store: store, options: options, onDiskFull: onDiskFull)
      work(with: &writer)
    }
    thread.name = "footplate.writes"
    thread.start()
  }

  /// Figures since the start.
  package var figures: WriteFigures { state.withLock { $0.figures } }

  /// Hands changes over; returns as soon as there is room for them.
  ///
  /// - Parameter acknowledged: Called once, on the writing thread, after the commit and the mirror.
  package func submit(
    _ changes: [Change], of run: RunID, at now: Instant,
    acknowledged: @escaping @Sendable (Result<Void, StoreError>) -> Void
  ) async {
    let submission = Submission(changes: changes, run: run, at: now)
    await enqueue(.submit(submission, acknowledged))
  }

  /// Hands changes over and waits until they are durable.
  package func write(
    _ changes: [Change], of run: RunID, at now: Instant
  ) async throws(StoreError) {
    let submission = Submission(changes: changes, run: run, at: now)
    let result = await answer { finish in Operation.submit(submission, finish) }
    try result.get()
  }

  /// Calls the store in the queue's order: everything handed over before is durable by then.
  ///
  /// `body` may be called twice: again after room was made on a full disk.
  package func perform<Value: Sendable>(
    _ body: @escaping @Sendable (any StoreWriting) throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    let result = await answer { (finish: @escaping @Sendable (Result<Value, StoreError>) -> Void) in
      .perform(
        attempt: { store throws(StoreError) in
          let value = try body(store)
          return { finish(.success(value)) }
        }, refuse: { finish(.failure($0)) })
    }
    return try result.get()
  }

  /// Writes what is queued, syncs, and ends the thread.
  ///
  /// What is handed over later is `latched`.
  package func shutdown() async {
    await withCheckedContinuation { continuation in
      let (isOver, isAwaited) = state.withLock { state in
        if !state.isOver { state.ending.append(continuation) }
        return (state.isOver, state.close())
      }
      if isOver { continuation.resume() }
      if isAwaited { wake.signal() }
    }
  }

  private func answer<Value: Sendable>(
    _ operation: (@escaping @Sendable (Result<Value, StoreError>) -> Void) -> Operation
  ) async -> Result<Value, StoreError> {
    let (answers, continuation) = AsyncStream.makeStream(of: Result<Value, StoreError>.self)
    await enqueue(
      operation {
        continuation.yield($0)
        continuation.finish()
      })
    for await answer in answers { return answer }
    return .failure(.latched)
  }

  private func enqueue(_ operation: Operation) async {
    let placed = state.withLock { $0.place(operation, capacity: options.capacity) }
    switch placed {
    case .accepted: break
    case .awaited: wake.signal()
    case .refused: operation.refuse(.latched)
    case .full:
      await withCheckedContinuation { continuation in
        let placed = state.withLock { state in
          let placed = state.place(operation, capacity: options.capacity)
          if placed == .full { state.waiting.append((operation, continuation)) }
          return placed
        }
        switch placed {
        case .full: return
        case .accepted: break
        case .awaited: wake.signal()
        case .refused: operation.refuse(.latched)
        }
        continuation.resume()
      }
    }
  }

  // MARK: The thread

  private func work(with writer: inout QueueWriter) {
    while true {
      let (batch, isClosed) = state.withLock { state in
        (state.take(options.batchMax), state.isClosed)
      }
      if batch.isEmpty {
        if isClosed { break }
        rest(&writer)
        continue
      }
      if options.delayMax > .zero, batch.count < options.batchMax, !isClosed,
        !batch.contains(where: \.isAwaited)
      {
        finish(gather(batch), with: &writer)
      } else {
        finish(batch, with: &writer)
      }
    }
    let error = writer.maintain(isIdle: true)
    let ending = state.withLock { state in
      if error != nil { state.figures.errors += 1 }
      state.isOver = true
      defer { state.ending = [] }
      return state.ending
    }
    for continuation in ending { continuation.resume() }
  }

  /// Nothing to do: housekeeping after a while, then sleep until something comes.
  private func rest(_ writer: inout QueueWriter) {
    if sleep(until: 1, for: .milliseconds(250)) { return }
    if writer.maintain(isIdle: true) != nil { state.withLock { $0.figures.errors += 1 } }
    sleep(until: 1, for: nil)
  }

  private func gather(_ batch: [Operation]) -> [Operation] {
    sleep(
      until: options.batchMax - batch.count,
      for: .nanoseconds(Int(options.delayMax.nanosecondsClamped)))
    return batch + state.withLock { $0.take(options.batchMax - batch.count) }
  }

  /// Sleeps until so many operations wait, the queue is closed, or the time is over.
  ///
  /// - Returns: whether it was not the time.
  @discardableResult
  private func sleep(until count: Int, for time: DispatchTimeInterval?) -> Bool {
    guard state.withLock({ $0.sleep(until: count) }) else { return true }
    if wake.wait(timeout: time.map { .now() + $0 } ?? .distantFuture) == .success { return true }
    // A signal that came with the end of the time must not wake the next sleep.
    if state.withLock({ $0.wake() }) { wake.wait() }
    return false
  }

  private func finish(_ batch: [Operation], with writer: inout QueueWriter) {
    let outcome = writer.write(batch)
    let room = state.withLock { $0.settle(batch.count, outcome, capacity: options.capacity) }
    for continuation in room { continuation.resume() }
    for acknowledge in outcome.acknowledgements { acknowledge() }
  }
}

// Threads for work that blocks: sealing, hashing, publishing. Swift's own pool must never block.

import Foundation
import Synchronization

/// A fixed number of threads that take jobs in order.
package final class BlockingPool: Sendable {
  fileprivate struct State {
    var jobs: [@Sendable () -> Void] = []
    /// Jobs before this index are taken.
    var first = 0
    /// Callers of `run` that wait for room, in order, after index `firstWaiter`.
    var waiters: [CheckedContinuation<Void, Never>] = []
    var isClosed = false
    var count: Int { jobs.count - first }
  }

  /// What the threads share; they must not keep the pool itself alive.
  private final class Queue: Sendable {
    let state = Mutex(State())
    let ready = DispatchSemaphore(value: 0)
  }

  /// Jobs that may wait; past it `run` suspends its caller.
  package let queuedMax: Int
  private let queue = Queue()
  private let threadCount: Int

  package init(threads threadCount: Int = 2, queuedMax: Int = 1024) {
    precondition(threadCount >= 1 && queuedMax >= 1, "at least one thread and one place")
    self.queuedMax = queuedMax
    self.threadCount = threadCount
    let queue = queue
    for number in 1...threadCount {
      let thread = Thread { Self.work(queue) }
      thread.name = "blocking \(number)"
      thread.start()
    }
  }

  /// The threads do what is queued, then end.
  deinit {
    queue.state.withLock { $0.isClosed = true }
    for _ in 0..<threadCount { queue.ready.signal() }
  }

  /// Queues a job without waiting for room: for callers that are bounded by themselves, such as
  /// the ends of processes, of which there are never more than slots.
  package func submit(_ job: @escaping @Sendable () -> Void) {
    queue.state.withLock { $0.jobs.append(job) }
    queue.ready.signal()
  }

  /// Does `work` on one of the threads.
  package func run<Success: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Success
  ) async throws(Failure) -> Success {
    await waitForRoom()
    let result: Result<Success, Failure> = await withCheckedContinuation { continuation in
      submit {
        do throws(Failure) {
          continuation.resume(returning: .success(try work()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }

  private func waitForRoom() async {
    await withCheckedContinuation { continuation in
      let hasRoom = queue.state.withLock { state in
        if state.count < queuedMax { return true }
        state.waiters.append(continuation)
        return false
      }
      if hasRoom { continuation.resume() }
    }
  }

  private static func work(_ queue: Queue) {
    while true {
      queue.ready.wait()
      let (job, waiter) = queue.state.withLock { state in
        (state.takeJob(), state.waiters.isEmpty ? nil : state.waiters.removeFirst())
      }
      waiter?.resume()
      guard let job else { return }
      job()
    }
  }
}

extension BlockingPool.State {
  /// The oldest job; `nil` when there is none, which only closing causes.
  fileprivate mutating func takeJob() -> (@Sendable () -> Void)? {
    guard first < jobs.count else { return nil }
    let job = jobs[first]
    jobs[first] = {}
    first += 1
    if first == jobs.count || first > 256 {
      jobs.removeFirst(first)
      first = 0
    }
    return job
  }
}

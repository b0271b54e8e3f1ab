// The write queue: order, groups, bounds, failures, and its end.

import BatchModel
import BatchStore
import Dispatch
import Foundation
import Resilience
import Synchronization
import Testing

@Suite("The write queue")
struct WriteQueueTests {
  private func noted(_ driver: Driver, _ text: String) -> [Change] {
    [.noted(Noted(run: driver.run, code: "test", message: text))]
  }

  private func messages(_ driver: Driver) throws -> [String] {
    try driver.store.entries(of: driver.run, after: 0, limit: 100_000).compactMap { entry in
      if case .noted(let noted) = entry.change { noted.message } else { nil }
    }
  }

  /// Keeps the writing thread busy until `open` is signalled.
  private func block(_ queue: WriteQueue) async -> (task: Task<Void, any Error>, open: Gate) {
    let gate = Gate()
    let (started, signal) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      try await queue.perform { _ throws(StoreError) in
        signal.finish()
        gate.wait()
      }
    }
    for await _ in started {}
    return (task, gate)
  }

  @Test("What is acknowledged is written, in order")
  func order() async throws {
    let driver = try Driver(StoreForm.memory.make())
    let queue = WriteQueue(store: driver.store)
    for number in 0..<50 {
      try await queue.write(noted(driver, "\(number)"), of: driver.run, at: driver.now)
    }
    #expect(try messages(driver) == (0..<50).map { "\($0)" })
    await queue.shutdown()
  }

  @Test("What comes while a commit is under way goes into one transaction")
  func groups() async throws {
    let driver = try Driver(StoreForm.memory.make())
    let queue = WriteQueue(store: driver.store, options: .init(batchMax: 100))
    let (task, open) = await block(queue)
    let acknowledged = Mutex(0)
    for number in 0..<50 {
      await queue.submit(noted(driver, "\(number)"), of: driver.run, at: driver.now) { result in
        if case .success = result { acknowledged.withLock { $0 += 1 } }
      }
    }
    #expect(queue.figures.depth == 51)
    #expect(acknowledged.withLock { $0 } == 0)
    open.signal()
    try await task.value
    await queue.shutdown()
    #expect(acknowledged.withLock { $0 } == 50)
    #expect(try messages(driver) == (0..<50).map { "\($0)" })
    #expect(queue.figures == WriteFigures(queued: 51, written: 51, batches: 2, errors: 0, depth: 0))
  }

  @Test("A call on the store comes after all that was handed over before")
  func perform() async throws {
    let driver = try Driver(StoreForm.memory.make())
    let run = driver.run
    let queue = WriteQueue(store: driver.store)
    let (task, open) = await block(queue)
    await queue.submit(noted(driver, "before"), of: run, at: driver.now) { _ in }
    async let count = queue.perform { store throws(StoreError) in
      try store.entries(of: run, after: 0, limit: 100).count
    }
    open.signal()
    #expect(try await count == 2)
    try await task.value
    await queue.shutdown()
  }

  @Test("A full queue makes the producer wait, and drops nothing")
  func bound() async throws {
    let driver = try Driver(StoreForm.memory.make())
    let queue = WriteQueue(store: driver.store, options: .init(capacity: 4))
    let (task, open) = await block(queue)
    let run = driver.run
    let now = driver.now
    let entered = Mutex(0)
    let producer = Task {
      for number in 0..<20 {
        let note = Change.noted(Noted(run: run, code: "test", message: "\(number)"))
        await queue.submit([note], of: run, at: now) { _ in }
        entered.withLock { $0 += 1 }
      }
    }
    // The blocking call and three submissions fill it.
    let deadline = ContinuousClock.now.advanced(by: .seconds(10))
    while entered.withLock({ $0 }) < 3, ContinuousClock.now < deadline { await Task.yield() }
    for _ in 0..<1_000 { await Task.yield() }
    #expect(entered.withLock { $0 } == 3)
    #expect(queue.figures.depth == 4)
    open.signal()
    await producer.value
    try await task.value
    await queue.shutdown()
    #expect(try messages(driver) == (0..<20).map { "\($0)" })
  }

  @Test("A conflict fails the one submission that has it")
  func conflict() async throws {
    let driver = try Driver(StoreForm.memory.make())
    let queue = WriteQueue(store: driver.store)
    let (task, open) = await block(queue)
    let results = Mutex<[String]>([])
    let wrong = [
      Change.attemptLaunched(AttemptLaunched(attempt: AttemptID(9), item: ItemID(9), pid: 1))
    ]
    for changes in [noted(driver, "a"), wrong, noted(driver, "b")] {
      await queue.submit(changes, of: driver.run, at: driver.now) { result in
        results.withLock {
          switch result {
          case .success: $0.append("ok")
          case .failure(let error): $0.append(error.code)
          }
        }
      }
    }
    open.signal()
    try await task.value
    await queue.shutdown()
    #expect(results.withLock { $0 } == ["ok", "STORE_CONFLICT", "ok"])
    #expect(try messages(driver) == ["a", "b"])
    #expect(queue.figures.errors == 1)
  }

  @Test("After a failed commit nothing more is written")
  func latch() async throws {
    let driver = try Driver(StoreForm.memory.make())
    let queue = WriteQueue(store: driver.store)
    await #expect(throws: StoreError.ioFailed(reason: "broken")) {
      try await queue.perform { _ throws(StoreError) in throw .ioFailed(reason: "broken") }
    }
    await #expect(throws: StoreError.latched) {
      try await queue.write(noted(driver, "late"), of: driver.run, at: driver.now)
    }
    await queue.shutdown()
    #expect(try messages(driver) == [])
  }

  @Test("A full disk is given room once, and the write is tried again")
  func diskFull() async throws {
    let driver = try Driver(StoreForm.memory.make())
    let freed = Mutex(0)
    let queue = WriteQueue(store: driver.store, onDiskFull: { freed.withLock { $0 += 1 } })
    let value = try await queue.perform { _ throws(StoreError) -> Int in
      if freed.withLock({ $0 }) == 0 { throw .diskFull }
      return 5
    }
    #expect(value == 5)
    await #expect(throws: StoreError.diskFull) {
      try await queue.perform { _ throws(StoreError) in throw .diskFull }
    }
    #expect(freed.withLock { $0 } == 1)
    await #expect(throws: StoreError.latched) {
      try await queue.write(noted(driver, "late"), of: driver.run, at: driver.now)
    }
    await queue.shutdown()
  }

  @Test("A shutdown writes what is queued and refuses what comes later")
  func shutdown() async throws {
    let driver = try Driver(StoreForm.memory.make())
    let queue = WriteQueue(store: driver.store)
    let (task, open) = await block(queue)
    for number in 0..<10 {
      await queue.submit(noted(driver, "\(number)"), of: driver.run, at: driver.now) { _ in }
    }
    open.signal()
    await queue.shutdown()
    try await task.value
    #expect(try messages(driver).count == 10)
    await #expect(throws: StoreError.latched) {
      try await queue.write(noted(driver, "late"), of: driver.run, at: driver.now)
    }
    await queue.shutdown()
  }

  @Test("A delay gathers more into a transaction")
  func delay() async throws {
    let driver = try Driver(StoreForm.memory.make())
    let options = WriteQueue.Options(batchMax: 3, delayMax: .seconds(60))
    let queue = WriteQueue(store: driver.store, options: options)
    let (run, now) = (driver.run, driver.now)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<3 {
        let note = Change.noted(Noted(run: run, code: "test", message: "\(number)"))
        group.addTask {
          do { try await queue.write([note], of: run, at: now) } catch { Issue.record(error) }
        }
      }
    }
    #expect(queue.figures.batches == 1)
    await queue.shutdown()
  }

  @Test("A call that somebody waits for is not gathered", .timeLimit(.minutes(1)))
  func urgent() async throws {
    let driver = try Driver(StoreForm.memory.make())
    let options = WriteQueue.Options(batchMax: 3, delayMax: .seconds(3600))
    let queue = WriteQueue(store: driver.store, options: options)
    // One before that would be gathered for an hour, and one on a thread at rest.
    await queue.submit(noted(driver, "before"), of: driver.run, at: driver.now) { _ in }
    #expect(
      try await queue.perform { store throws(StoreError) in try store.runs(limit: 5).count } == 1)
    #expect(try messages(driver) == ["before"])
    #expect(
      try await queue.perform { store throws(StoreError) in try store.runs(limit: 5).count } == 1)
    await queue.shutdown()
  }
}

/// A gate that one thread waits at until another opens it.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  func wait() { semaphore.wait() }
  func signal() { semaphore.signal() }
}

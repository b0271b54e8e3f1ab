// The executor's figures, its bound, and that nothing of an operation reaches the caller.

import Resilience
import Synchronization
import Testing

@Suite("A fire-and-forget executor")
struct FireAndForgetExecutorTests {
  @Test("counts what succeeded and what failed, and tells of errors")
  func figures() async {
    let told = Mutex(0)
    let executor = FireAndForgetExecutor { _ in told.withLock { $0 += 1 } }
    for index in 0..<100 {
      executor.submit { if index.isMultiple(of: 4) { throw Unexpected.refused } }
    }
    await executor.drain()
    let figures = executor.figures
    #expect(figures.submitted == 100 && figures.succeeded == 75 && figures.failed == 25)
    #expect(figures.inFlight == 0 && told.withLock { $0 } == 25)
  }

  @Test("rejects what exceeds its capacity, and takes more when there is room again")
  func bounded() async {
    let executor = FireAndForgetExecutor(capacity: 2)
    let (gate, open) = AsyncStream<Void>.makeStream()
    let wait: @Sendable () async -> Void = { for await _ in gate {} }
    #expect(executor.submit(wait))
    #expect(executor.submit(wait))
    #expect(!executor.submit {})
    #expect(executor.figures.inFlight == 2 && executor.figures.rejected == 1)
    open.finish()
    await executor.drain()
    #expect(executor.submit {})
    await executor.drain()
    #expect(executor.figures.succeeded == 3)
  }
}

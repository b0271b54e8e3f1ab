// The wrapper that never fails.

import Resilience
import Testing

@Suite("Graceful degradation")
struct DegradedTests {
  @Test("answers with the real value, or with the fallback and the reason")
  func falls() async {
    var told = 0
    let good = degrading(to: 0) { 7 }
    #expect(good.value == 7 && !good.isDegraded)
    let bad = degrading(to: 0, onFailure: { _ in told += 1 }) { () throws -> Int in
      throw Unexpected.refused
    }
    #expect(bad.value == 0 && bad.isDegraded && told == 1)
    let late = await degrading(to: "cached") { () async throws -> String in
      await Task.yield()
      throw CancellationError()
    }
    #expect(late.value == "cached" && late.failure is CancellationError)
  }
}

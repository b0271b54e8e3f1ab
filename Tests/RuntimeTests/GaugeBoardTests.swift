// The live figures, as a client reads them.

import BatchModel
import BatchStore
import Resilience
import Runtime
import Testing

@Suite("The gauges") struct GaugeBoardTests {
  private func gate(_ provider: String) -> GateGauge {
    GateGauge(
      provider: provider, breaker: "closed", inFlight: 2, concurrencyLimit: nil, waiting: 0,
      waitReason: nil, until: nil, calls: 0, inputTokens: 0, outputTokens: 7)
  }

  @Test("count what calls have streamed by their provider, until they are over")
  func streams() {
    let board = GaugeBoard()
    board.note(gates: [gate("one"), gate("other")], budget: nil)
    func streamed() -> [Int64] {
      board.gauges(
        at: Instant(nanoseconds: 0), pid: 1, slots: { _ in 4 }, writes: WriteFigures()
      ).gates.map(\.streamedTokens)
    }
    #expect(streamed() == [0, 0])
    board.note(streamed: 10, by: AttemptID(1), from: "one")
    board.note(streamed: 5, by: AttemptID(2), from: "one")
    board.note(streamed: 12, by: AttemptID(1), from: "one")
    board.note(streamed: 1, by: AttemptID(3), from: "other")
    #expect(streamed() == [17, 1])
    board.note(streamed: nil, by: AttemptID(1), from: "one")
    board.note(streamed: nil, by: AttemptID(3), from: "other")
    #expect(streamed() == [5, 0])
  }
}

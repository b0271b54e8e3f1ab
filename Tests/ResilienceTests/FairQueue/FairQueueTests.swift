// Shares, order, passing and cancelling in the fair queue.

import Resilience
import Testing

@Suite("A fair queue")
struct FairQueueTests {
  private var queue = FairQueue<String, Int>()

  @Test("gives two runs the same share, however many one of them has waiting")
  mutating func fair() {
    for index in 0..<100 { _ = queue.enqueue(index, flow: "large") }
    for index in 0..<10 { _ = queue.enqueue(index, flow: "small") }
    let served = (0..<20).compactMap { _ in next()?.flow }
    #expect(served.count { $0 == "small" } == 10)
  }

  @Test("shares by weight and cost")
  mutating func weighted() {
    for index in 0..<200 {
      _ = queue.enqueue(index, flow: "heavy", weight: 3)
      _ = queue.enqueue(index, flow: "light")
      _ = queue.enqueue(index, flow: "costly", cost: 2)
    }
    let served = (0..<90).compactMap { _ in next()?.flow }
    #expect((59...61).contains(served.count { $0 == "heavy" }))
    #expect((19...21).contains(served.count { $0 == "light" }))
    #expect((9...11).contains(served.count { $0 == "costly" }))
  }

  @Test("a run that comes late gets its share from then on, not a back payment")
  mutating func late() {
    for index in 0..<200 { _ = queue.enqueue(index, flow: "early") }
    for _ in 0..<100 { _ = next() }
    for index in 0..<100 { _ = queue.enqueue(index, flow: "late") }
    let served = (0..<20).compactMap { _ in next()?.flow }
    #expect((9...11).contains(served.count { $0 == "late" }))
  }

  @Test("serves first in, first out within a run; a cancelled waiter is gone and costs nothing")
  mutating func order() {
    let tickets = (0..<50).map { queue.enqueue($0, flow: "a", cost: 10) }
    for index in 0..<3 { _ = queue.enqueue(100 + index, flow: "b", cost: 10) }
    for ticket in tickets[1..<49] { #expect(queue.cancel(ticket) != nil) }
    let again = queue.cancel(tickets[1])
    #expect(again == nil)
    #expect((0..<5).compactMap { _ in next()?.element } == [0, 100, 49, 101, 102])
    #expect(queue.count == 0 && queue.head == nil)
  }

  @Test("lets at most eight small ones pass the head, then holds them back")
  mutating func passes() {
    _ = queue.enqueue(1_000, flow: "large")
    for index in 0..<20 { _ = queue.enqueue(index, flow: "small") }
    var passed = 0
    while let waiter = queue.next(where: { $0 < 1_000 }, passing: { small, _ in small < 1_000 }) {
      #expect(waiter.flow == "small")
      passed += 1
    }
    #expect(passed == 8)
    #expect(next()?.element == 1_000)
  }

  @Test("nobody starves and nobody is lost, under random arrivals and cancellations")
  func property() {
    for seed in 0..<500 {
      var random = SplitMix64(seed: UInt64(seed))
      var queue = FairQueue<Int, Int>()
      var waiting: [Int: FairQueue<Int, Int>.Ticket] = [:]
      var newest: [Int: Int] = [:]
      var isOrdered = true
      for element in 0..<200 {
        let flow = Int.random(in: 0..<20, using: &random)
        waiting[element] = queue.enqueue(
          element, flow: flow, cost: Double.random(in: 0..<50, using: &random))
        if Bool.random(using: &random), let gone = waiting.keys.min() {
          isOrdered =
            isOrdered && waiting.removeValue(forKey: gone).flatMap { queue.cancel($0) } == gone
        }
        guard Bool.random(using: &random),
          let served = queue.next(where: { _ in true }, passing: { _, _ in false })
        else { continue }
        isOrdered =
          isOrdered && newest[served.flow, default: -1] < served.element
          && waiting.removeValue(forKey: served.element) != nil
        newest[served.flow] = served.element
      }
      while let served = queue.next(where: { _ in true }, passing: { _, _ in false }) {
        waiting[served.element] = nil
      }
      #expect(isOrdered && waiting.isEmpty && queue.count == 0, "seed \(seed)")
    }
  }

  private mutating func next() -> FairQueue<String, Int>.Waiter? {
    queue.next(where: { _ in true }, passing: { _, _ in false })
  }
}

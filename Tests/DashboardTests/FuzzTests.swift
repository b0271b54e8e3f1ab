// A hundred thousand random keys, sizes and news: no crash, and laws that always hold.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct FuzzTests {
  private static let keys: [Key] =
    BindingTable.all.flatMap(\.keys).filter { $0 != .control("c") && $0 != .character("q") }
    + [.character("y"), .character("5"), .character("日"), .backspace, .delete, .function(1)]

  @Test(arguments: 0..<10)
  func `random keys, sizes and news never break it`(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var desk = Desk(run: FakeRun(count: [0, 1, 7, 300, 1_000_000][seed % 5]))
    for step in 0..<10_000 {
      disturb(&desk, step, &random)
      desk.send(.key(Self.keys[Int.random(in: 0..<Self.keys.count, using: &random)]))
      check(desk, step)
    }
  }

  private func disturb(_ desk: inout Desk, _ step: Int, _ random: inout SplitMix64) {
    switch Int.random(in: 0..<60, using: &random) {
    case 0:
      let columns = Int.random(in: 0...130, using: &random)
      desk.send(.resize(Size(columns: columns, rows: Int.random(in: 0...45, using: &random))))
    case 1, 2: desk.wait(.milliseconds(Int.random(in: 1...4000, using: &random)))
    case 3:
      let states = ItemState.allCases
      for _ in 0..<3 {
        desk.run.moved[Int.random(in: 0..<40, using: &random)] =
          states[Int.random(in: 0..<states.count, using: &random)]
      }
    case 4:
      desk.run.state = [.running, .paused, .stopped, .finished][step % 4]
      desk.run.hasEngine = step % 3 != 0
    case 5:
      desk.answers.toggle()
      if desk.answers { desk.send(.connectionLost("busy")) }
    case 6: desk.press("")
    default: break
    }
  }

  private func check(_ desk: Desk, _ step: Int) {
    let queue = desk.model.queue
    #expect(queue.rows.isEmpty || queue.rows.indices.contains(queue.top))
    #expect(queue.rows.count <= 5000 + 300)
    if step % 100 == 0 {
      #expect(Set(queue.rows.map(\.id)).count == queue.rows.count)
      let canvas = desk.canvas
      #expect(canvas.size == desk.model.size)
      #expect(canvas.lines.allSatisfy { line in !line.unicodeScalars.contains { $0 == "\u{1B}" } })
    }
  }
}

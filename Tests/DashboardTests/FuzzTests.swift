// Random keys, palette lines, clicks, sizes and news: no crash, and laws that always hold.

import BatchModel
import Canvas
import Dashboard
import Foundation
import Resilience
import Testing

@Suite struct FuzzTests {
  private static let keys: [Key] =
    BindingTable.all.flatMap(\.keys).filter { $0 != .control("c") && $0 != .character("q") }
    + [.character("5"), .character("日"), .backspace, .delete, .function(1)]

  /// What a person may type after `:`, whole, half and wrong.
  private static let lines: [String] =
    PaletteTable.all.map(\.name).filter { $0 != "quit" } + [
      "hold step write", "release step write", "breaker openai open", "cap 9", "cap", "parallel 3",
      "sort age", "filter st:fail", "filter", "columns state", "columns default", "layout gauges",
      "layout usual", "theme", "theme dark", "mouse on", "retry review", "doctor X", "re", "  ",
      "日本",
    ]

  private static let isFull = ProcessInfo.processInfo.environment["FOOTPLATE_TEST_FULL"] == "1"
  /// 1,000,000 keys in all, or as many as a build server has the patience for.
  private static let steps = isFull ? 100_000 : 10_000

  @Test(arguments: 0..<10)
  func `random keys, lines, clicks, sizes and news never break it`(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var run = FakeRun.leverRun
    run.count = [0, 1, 7, 300, 1_000_000][seed % 5]
    run.hasCalls = seed % 2 == 0
    var desk = Desk(run: run, isReadOnly: seed == 9)
    for step in 0..<Self.steps {
      disturb(&desk, step, &random)
      desk.send(.key(Self.keys[Int.random(in: 0..<Self.keys.count, using: &random)]))
      check(desk, step)
    }
  }

  private func disturb(_ desk: inout Desk, _ step: Int, _ random: inout SplitMix64) {
    switch Int.random(in: 0..<60, using: &random) {
    case 0:
      let columns = Int.random(in: 0...210, using: &random)
      desk.send(.resize(Size(columns: columns, rows: Int.random(in: 0...65, using: &random))))
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
    case 7, 8, 9: typeLine(&desk, &random)
    case 10, 11, 12, 13: useMouse(&desk, &random)
    case 14: desk.send(.focus(step % 2 == 0))
    case 15: desk.send(.paste("st:fail \u{1B}[2J\n日本語"))
    default: break
    }
  }

  private func typeLine(_ desk: inout Desk, _ random: inout SplitMix64) {
    let line = Self.lines[Int.random(in: 0..<Self.lines.count, using: &random)]
    desk.send(.key(.escape))
    desk.send(.key(.character(":")))
    for scalar in line.unicodeScalars { desk.send(.key(.character(scalar))) }
    if Bool.random(using: &random) { desk.send(.key(.tab)) }
    if Int.random(in: 0..<4, using: &random) > 0 { desk.send(.key(.enter)) }
  }

  private func useMouse(_ desk: inout Desk, _ random: inout SplitMix64) {
    if !desk.model.isMouseOn { desk.send(.mouseReported(true, asked: true)) }
    let actions: [MouseEvent.Action] = [
      .press(.left), .press(.left), .release(.left), .press(.right), .wheelUp, .wheelDown,
    ]
    let event = MouseEvent(
      actions[Int.random(in: 0..<actions.count, using: &random)],
      row: Int.random(in: -1...70, using: &random),
      column: Int.random(in: -1...220, using: &random))
    desk.send(.mouse(event))
  }

  private func check(_ desk: Desk, _ step: Int) {
    let queue = desk.model.queue
    #expect(queue.rows.isEmpty || queue.rows.indices.contains(queue.top))
    #expect(queue.rows.count <= 5000 + 300)
    if step % 100 == 0 {
      #expect(Set(queue.rows.map(\.id)).count == queue.rows.count)
      #expect(!desk.model.isReadOnly || !desk.commands.contains(where: \.isActing))
      let canvas = desk.canvas
      #expect(canvas.size == desk.model.size)
      #expect(canvas.lines.allSatisfy { line in !line.unicodeScalars.contains { $0 == "\u{1B}" } })
    }
  }
}

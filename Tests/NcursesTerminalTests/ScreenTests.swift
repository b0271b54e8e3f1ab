// What a person sees is what the canvas meant: every byte goes through an emulated screen.

import Canvas
import Glibc
import NcursesTerminal
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct ScreenTests {
  static let types = [
    "vt100", "linux", "xterm", "xterm-256color", "tmux-256color", "screen", "screen-256color",
    "mystery", "",
  ]

  /// 500 sizes in all, and at each a screen, a change of it, and the same again.
  @Test(arguments: types)
  func `whatever is drawn at whatever size is what is seen`(type: String) async {
    await #expect(processExitsWith: .success) { [type] in
      var random = SeededGenerator(seed: UInt64(type.utf8.count))
      let bench = try Bench(as: type)
      for step in 0..<56 {
        let size = Size(
          columns: Int.random(in: 2...[12, 220, 80, 40][step % 4], using: &random),
          rows: Int.random(in: 1...[30, 14, 30, 4][step % 4], using: &random))
        bench.resize(to: size)
        var canvas = RandomScreens.canvas(size, &random)
        bench.show(canvas, "\(type), size \(step): \(size)")
        RandomScreens.change(&canvas, times: 6, &random)
        bench.show(canvas, "\(type), change \(step): \(size)")
        let again = bench.bytes(of: canvas)
        #expect(again == 0)
      }
    }
  }

  @Test(arguments: [ColorDepth.mono.rawValue, ColorDepth.eight.rawValue])
  func `with fewer colours than the terminal has it is the same screen in them`(depth: Int) async {
    await #expect(processExitsWith: .success) { [depth] in
      var random = SeededGenerator(seed: 5)
      let limit = try #require(ColorDepth(rawValue: depth))
      let bench = try Bench(as: "xterm-256color", TerminalOptions(depthMax: limit))
      for _ in 0..<40 {
        let canvas = RandomScreens.canvas(bench.size, &random)
        bench.show(canvas, "at most \(depth)")
        let isMono = bench.emulator.cells.allSatisfy { $0.foreground == -1 && $0.background == -1 }
        #expect(isMono || limit != .mono)
      }
    }
  }

  @Test func `colours come back after more of them than the terminal has pairs for`() async {
    await #expect(processExitsWith: .success) {
      let bench = try Bench(as: "screen", showsStyles: true)
      var canvas = Canvas(size: bench.size)
      for index in 0..<81 {
        let style = CellStyle(
          foreground: index % 9 == 8 ? .terminal : .index(UInt8(index % 9)),
          background: index / 9 == 8 ? .terminal : .index(UInt8(index / 9)))
        canvas.put(Glyph("x"), row: index / 9, column: index % 9, style: style)
      }
      _ = bench.bytes(of: canvas)
      var few = Canvas(size: bench.size)
      few.write(
        "last", in: few.bounds, style: CellStyle(foreground: .index(7), background: .index(6)))
      bench.show(few, "a few colours after too many")
    }
  }

  @Test(arguments: ["xterm-256color", "linux", "screen"])
  func `hostile bytes neither do anything nor move what stands beside them`(type: String) async {
    await #expect(processExitsWith: .success) { [type] in
      var random = SeededGenerator(seed: 11)
      let bench = try Bench(as: type)
      for step in 0..<60 {
        var canvas = Canvas(size: bench.size)
        for row in 0..<bench.size.rows {
          let line = canvas.bounds.line(row)
          canvas.write(SafeText(log: Hostile.bytes(&random)), in: line)
          canvas.write(SafeText(Hostile.mixture(&random)), in: line, align: .right)
        }
        bench.show(canvas, "\(type), step \(step)")
      }
    }
  }

  @Test(arguments: types)
  func `every mode that was switched on is off at the end, and nothing strange is sent`(
    type: String
  ) async {
    await #expect(processExitsWith: .success) { [type] in
      let bench = try Bench(as: type)
      bench.show(Screens.lines(["plain words"], bench.size), type)
      bench.close()
      // The cursor is seen, lines wrap; nothing else is on.
      #expect(bench.emulator.modes == [7, 25], "\(type): \(bench.emulator.modes)")
      let isOld = ["vt100", "linux", "mystery", ""].contains(type)
      #expect(bench.sent.contains("2004h") == !isOld)
    }
  }
}

/// A terminal, the screen behind it, and what the screen has to show.
final class Bench {
  private let pty: PseudoTerminal
  private let terminal: NcursesTerminal
  private(set) var emulator: Emulator
  /// All that was ever sent.
  private(set) var sent = ""
  /// 64 pairs of colours are fewer than a screen at random has, and the console has no attributes
  /// beside a colour.
  private let showsStyles: Bool
  /// Where lines cannot be kept from wrapping, ncurses fills the last corner by pushing it there from
  /// its left, which a wide character does not survive.
  private let pushesCorner: Bool

  init(
    as type: String, _ options: TerminalOptions = TerminalOptions(), showsStyles: Bool? = nil
  ) throws {
    TerminalSignals.block()
    pty = try PseudoTerminal()
    try pty.takeOver(as: type)
    var opened: NcursesTerminal?
    sent = try pty.emitted { opened = try NcursesTerminal(waker: Waker(), options: options) }
    terminal = try #require(opened)
    self.showsStyles = showsStyles ?? !["linux", "vt100", "screen", "xterm"].contains(type)
    pushesCorner = type.hasPrefix("screen") || type.hasPrefix("tmux")
    emulator = Emulator(
      columns: 80, rows: 24, erasesWithColor: !type.hasPrefix("screen") && !type.hasPrefix("tmux"))
    emulator.receive(sent)
  }

  var size: Size { terminal.size }

  func resize(to size: Size) {
    pty.resize(columns: UInt16(size.columns), rows: UInt16(size.rows))
    emulator.resize(columns: size.columns, rows: size.rows)
    raise(SIGWINCH)
    let events = terminal.next(timeout: .seconds(20))
    #expect(events == [.resized(size)])
  }

  /// Draws, and looks at what a person would see.
  func show(_ canvas: Canvas, _ name: String) {
    let output = pty.emitted { terminal.draw(canvas) }
    sent += output
    emulator.receive(output)
    #expect(emulator.strange == [], "\(name)")
    #expect(emulator.commands == [], "\(name)")
    let wanted = canvas.withCells { cells in cells.map { Shown($0, at: terminal.depth) } }
    for (index, pair) in zip(emulator.cells, wanted).enumerated() {
      guard seen(pair.0) != seen(pair.1) else { continue }
      if pushesCorner, index >= wanted.count - 3 { continue }
      let (row, column) = (index / canvas.size.columns, index % canvas.size.columns)
      Issue.record(
        "\(name): row \(row), column \(column): \(pair.0) instead of \(pair.1): \(emulator.line(row))"
      )
      return
    }
  }

  private func seen(_ shown: Shown) -> Shown {
    var visible = shown.visible
    if !showsStyles {
      visible.attributes = []
      visible.foreground = -1
      visible.background = -1
    }
    return visible
  }

  /// How much is sent for a canvas that is not looked at.
  func bytes(of canvas: Canvas) -> Int {
    let output = pty.emitted { terminal.draw(canvas) }
    emulator.receive(output)
    return output.utf8.count
  }

  func close() {
    let output = pty.emitted { terminal.close() }
    sent += output
    emulator.receive(output)
    #expect(emulator.strange == [])
  }
}

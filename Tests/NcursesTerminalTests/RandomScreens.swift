// Screens without a plan, as a dashboard never draws them: what the drawing may rely on is only that
// they are canvases.

import Canvas

enum RandomScreens {
  /// Every kind of character that a canvas can hold: narrow, wide, with marks, drawn, neutralised.
  private static let words: [SafeText] = [
    "a", "running", "FAIL", "   ", "日本語", "🙂", "e\u{301}e\u{301}\u{302}", "█▏░", "─│┌", "…",
    "\u{202E}",
    "\u{1B}[31m", "0.019", "Überwachung",
  ]

  /// A canvas of that size: text anywhere, over one another, in any style.
  static func canvas(_ size: Size, _ random: inout some RandomNumberGenerator) -> Canvas {
    var canvas = Canvas(size: size, base: style(&random))
    change(&canvas, times: Int.random(in: 0...120, using: &random), &random)
    return canvas
  }

  /// Some more of it.
  static func change(
    _ canvas: inout Canvas, times: Int, _ random: inout some RandomNumberGenerator
  ) {
    let size = canvas.size
    for _ in 0..<times {
      let rect = Rect(
        row: Int.random(in: -1...size.rows, using: &random),
        column: Int.random(in: -2...size.columns, using: &random),
        rows: Int.random(in: 0...3, using: &random), columns: Int.random(in: 0...30, using: &random)
      )
      if Int.random(in: 0..<8, using: &random) == 0 {
        canvas.fill(rect, style: style(&random))
      } else {
        canvas.write(words.randomElement(using: &random) ?? "", in: rect, style: style(&random))
      }
    }
  }

  private static func style(_ random: inout some RandomNumberGenerator) -> CellStyle {
    CellStyle(
      foreground: color(&random), background: color(&random),
      attributes: Attributes(rawValue: UInt8.random(in: 0...15, using: &random)))
  }

  private static func color(_ random: inout some RandomNumberGenerator) -> Color {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: .index(UInt8.random(in: 0...255, using: &random))
    case 1: .index(UInt8.random(in: 0..<16, using: &random))
    case 2: .rgb(UInt8.random(in: 0...255, using: &random), 80, 200)
    default: .terminal
    }
  }
}

// Keys on the palette: typing, completion, history, and doing what was typed.

import Canvas

extension DashboardModel {
  mutating func type(_ key: Key, into palette: Palette) -> [DashboardCommand] {
    var palette = palette
    palette.problem = nil
    switch key {
    case .escape:
      overlay = nil
      return []
    case .enter: return enter(palette)
    case .tab:
      palette.editor = LineEditor(PaletteTable.completed(palette.editor.text, self))
    case .up, .control("p"): recall(&palette, steps: 1)
    case .down, .control("n"): recall(&palette, steps: -1)
    case .backspace where palette.editor.scalars.isEmpty:
      overlay = nil
      return []
    default: _ = palette.editor.take(key)
    }
    overlay = .palette(palette)
    return []
  }

  /// Walks the history; what was being typed stands after its newest line.
  private func recall(_ palette: inout Palette, steps: Int) {
    if palette.past == nil { palette.draft = palette.editor.text }
    let past = (palette.past ?? -1) + steps
    if past < 0 {
      palette.past = nil
      palette.editor = LineEditor(palette.draft)
    } else if let line = paletteHistory.line(back: past) {
      palette.past = past
      palette.editor = LineEditor(line)
    }
  }

  /// What cannot be done stays on the line, with the reason, to be mended.
  private mutating func enter(_ palette: Palette) -> [DashboardCommand] {
    let line = palette.editor.text
    guard line.contains(where: { $0 != " " }) else {
      overlay = nil
      return []
    }
    switch PaletteTable.read(line, self) {
    case .failure(let problem): return refuse(palette, problem.text)
    case .success(let errand):
      if let reason = reasonAgainst(errand) { return refuse(palette, reason) }
      paletteHistory.note(line)
      overlay = nil
      toast = nil
      return [.noteTyped(line)] + run(errand)
    }
  }

  private mutating func refuse(_ palette: Palette, _ problem: String) -> [DashboardCommand] {
    var palette = palette
    palette.problem = problem
    overlay = .palette(palette)
    return []
  }
}

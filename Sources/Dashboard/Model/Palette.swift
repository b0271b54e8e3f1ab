// The command line of the palette: what is typed, and where in the history it stands.

/// What the person types after `:`.
package struct Palette: Hashable, Sendable {
  package var editor = LineEditor()
  /// Why what was typed cannot be done.
  package var problem: String?
  /// How far back in the history it is; `nil` is the line being typed.
  package var past: Int?
  /// What was typed before the history was entered.
  package var draft = ""
  package init(_ text: String = "") { editor = LineEditor(text) }
}

/// The lines that were typed before, oldest first.
package struct PaletteHistory: Hashable, Sendable {
  package private(set) var lines: [String] = []
  package static let linesMax = 100

  package init() {}

  /// Keeps a line once, as the newest.
  package mutating func note(_ line: String) {
    lines.removeAll { $0 == line }
    lines.append(line)
    if lines.count > Self.linesMax { lines.removeFirst(lines.count - Self.linesMax) }
  }

  /// Puts the lines of other sessions before those of this one.
  ///
  /// What nobody can have typed into the palette is left out.
  package mutating func precede(with others: [String]) {
    let own = lines
    lines = []
    for line in others.suffix(Self.linesMax) where Self.isTypable(line) { note(line) }
    for line in own { note(line) }
  }

  private static func isTypable(_ line: String) -> Bool {
    line.unicodeScalars.count <= LineEditor.lengthMax
      && line.contains { $0 != " " }
      && line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }

  /// The line so many steps back; 0 is the newest.
  package func line(back steps: Int) -> String? {
    let index = lines.count - 1 - steps
    return lines.indices.contains(index) ? lines[index] : nil
  }
}

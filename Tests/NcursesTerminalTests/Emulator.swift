// A terminal's screen, from the bytes that it is sent: what a person would see, held against what the
// canvas meant. Whatever it does not know is nothing that a screen of ours has to send.

import Canvas

/// What one cell shows.
struct Shown: Hashable {
  /// A character; 0 for the right half of a wide one.
  var scalar: UInt32 = 0x20
  var marks = Marks()
  /// -1 is the terminal's own.
  var foreground = -1
  var background = -1
  var attributes: Attributes = []

  /// What a canvas' cell has to look like on a terminal of that depth.
  init(_ cell: Cell, at depth: ColorDepth) {
    scalar = cell.glyph.width == 0 ? 0 : cell.glyph.scalar.value
    marks = cell.glyph.marks
    foreground = cell.style.foreground.index(at: depth) ?? -1
    background = cell.style.background.index(at: depth) ?? -1
    attributes = cell.style.attributes
  }

  init() {}

  /// Without what cannot be seen: letters' looks where there are none.
  var visible: Shown {
    var shown = self
    if scalar == 0x20 || scalar == 0, attributes.isDisjoint(with: [.reverse, .underline]) {
      shown.foreground = -1
      shown.attributes = []
    }
    return shown
  }
}

/// A screen of xterm's kind (ECMA-48, and DEC's scrolling regions and deferred wrap).
struct Emulator {
  private(set) var cells: [Shown]
  private(set) var columns: Int
  private(set) var rows: Int
  /// What it did not know.
  private(set) var strange: [String] = []
  /// Operating system commands.
  private(set) var commands: [String] = []
  /// Private modes that are on.
  ///
  /// At first the cursor is seen, and lines wrap.
  private(set) var modes: Set<Int> = [7, 25]
  /// Erasing takes the background that is set (terminfo: bce).
  let erasesWithColor: Bool

  private var row = 0
  private var column = 0
  private var saved = (row: 0, column: 0)
  /// The last column was written: the next character goes to the next line.
  private var isWrapping = false
  private var region: Range<Int>
  private var pen = Shown()
  private var last: Unicode.Scalar = " "
  /// Where it stands: a mark goes onto it.
  private var lastIndex = 0

  init(columns: Int, rows: Int, erasesWithColor: Bool) {
    (self.columns, self.rows) = (columns, rows)
    self.erasesWithColor = erasesWithColor
    cells = Array(repeating: Shown(), count: columns * rows)
    region = 0..<rows
  }

  /// Another size: what is shown then is anybody's guess.
  mutating func resize(columns: Int, rows: Int) {
    (self.columns, self.rows) = (columns, rows)
    var guess = Shown()
    guess.scalar = 0x25A6
    cells = Array(repeating: guess, count: columns * rows)
    region = 0..<rows
    lastIndex = 0
    move(row, column)
  }

  /// The line as text, for a person.
  func line(_ row: Int) -> String {
    let scalars = cells[(row * columns)..<((row + 1) * columns)].map(\.scalar)
    return String(String.UnicodeScalarView(scalars.compactMap { Unicode.Scalar($0) }))
  }

  mutating func receive(_ output: String) {
    var rest = Substring(output).unicodeScalars
    while let scalar = rest.popFirst() {
      switch scalar.value {
      case 0x1B: escape(&rest)
      case 0x00, 0x0E, 0x0F: break
      case 0x08: move(row, column - 1)
      case 0x09: move(row, (column / 8 + 1) * 8)
      case 0x0A: lineFeed()
      case 0x0D: move(row, 0)
      case ..<0x20, 0x7F..<0xA0: strange.append(scalar.debugDescription)
      default: print(scalar)
      }
    }
  }
}

// Characters.
extension Emulator {
  private mutating func print(_ scalar: Unicode.Scalar) {
    switch ScalarClass(scalar) {
    case .mark: cells[lastIndex].marks.add(scalar)
    case .printable(let width): print(scalar, width: Int(width))
    case .hidden, .presentation: strange.append(scalar.debugDescription)
    }
  }

  private mutating func print(_ scalar: Unicode.Scalar, width: Int) {
    if isWrapping || column + width > columns {
      lineFeed()
      move(row, 0)
    }
    (last, lastIndex) = (scalar, row * columns + column)
    for offset in 0..<width {
      pen.scalar = offset == 0 ? scalar.value : 0
      cells[row * columns + column + offset] = pen
    }
    // The last column holds the cursor until something more is written.
    isWrapping = column + width == columns && modes.contains(7)
    column = min(columns - 1, column + width)
  }

  private mutating func move(_ newRow: Int, _ newColumn: Int) {
    row = min(max(0, newRow), rows - 1)
    column = min(max(0, newColumn), columns - 1)
    isWrapping = false
  }

  private mutating func lineFeed() {
    if row == region.upperBound - 1 { scroll(1, in: region) } else { move(row + 1, column) }
  }

  private var blank: Shown {
    var blank = Shown()
    if erasesWithColor { blank.background = pen.background }
    return blank
  }

  /// Moves lines up, or down by a negative number.
  private mutating func scroll(_ lines: Int, in region: Range<Int>) {
    let before = cells
    for row in region {
      for column in 0..<columns {
        let from = row + lines
        cells[row * columns + column] =
          region.contains(from) ? before[from * columns + column] : blank
      }
    }
  }

  private mutating func erase(_ range: Range<Int>) {
    for index in range { cells[index] = blank }
  }

  /// Moves the rest of the line to the right, or to the left by a negative number.
  private mutating func shift(_ count: Int) {
    let before = cells
    for place in column..<columns {
      let from = place - count
      let isInside = from >= column && from < columns
      cells[row * columns + place] = isInside ? before[row * columns + from] : blank
    }
  }
}

// Sequences.
extension Emulator {
  private mutating func escape(_ rest: inout Substring.UnicodeScalarView) {
    switch rest.popFirst() {
    case "[": control(&rest)
    case "]": command(&rest)
    case "(", ")": _ = rest.popFirst()
    case "7": saved = (row, column)
    case "8": move(saved.row, saved.column)
    case "M": if row == region.lowerBound { scroll(-1, in: region) } else { move(row - 1, column) }
    case "=", ">", "H": break
    case let other: strange.append("ESC \(other.map(\.debugDescription) ?? "")")
    }
  }

  private mutating func command(_ rest: inout Substring.UnicodeScalarView) {
    var text = String.UnicodeScalarView()
    while let next = rest.popFirst(), next != "\u{7}" {
      if next == "\u{1B}", rest.first == "\\" {
        rest.removeFirst()
        break
      }
      text.append(next)
    }
    commands.append(String(text))
  }

  private mutating func control(_ rest: inout Substring.UnicodeScalarView) {
    var text = String.UnicodeScalarView()
    while let next = rest.popFirst() {
      text.append(next)
      if (0x40...0x7E).contains(next.value) { break }
    }
    let isPrivate = text.first == "?"
    let numbers = String(text.dropFirst(isPrivate ? 1 : 0).dropLast())
      .split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    let final = text.last ?? " "
    let isKnown =
      isPrivate
      ? setModes(numbers, final)
      : moves(numbers, final) || edits(numbers, final) || settings(numbers, final)
    if !isKnown { strange.append("[" + String(text)) }
  }

  private mutating func setModes(_ numbers: [Int], _ final: Unicode.Scalar) -> Bool {
    switch final {
    case "h": modes.formUnion(numbers)
    case "l": modes.subtract(numbers)
    // The look of the Linux console's cursor.
    case "c": break
    default: return false
    }
    return numbers.allSatisfy {
      [0, 1, 5, 7, 8, 12, 25, 1000, 1004, 1006, 1049, 2004, 2026].contains($0)
    }
  }

  private mutating func moves(_ numbers: [Int], _ final: Unicode.Scalar) -> Bool {
    let count = max(1, numbers.first ?? 1)
    switch final {
    case "A": move(row - count, column)
    case "B": move(row + count, column)
    case "C": move(row, column + count)
    case "D": move(row, column - count)
    case "G", "`": move(row, count - 1)
    case "d": move(count - 1, column)
    case "H", "f": move(count - 1, (numbers.count > 1 ? max(1, numbers[1]) : 1) - 1)
    case "Z": move(row, (column - 1) / 8 * 8)
    default: return false
    }
    return true
  }

  private mutating func edits(_ numbers: [Int], _ final: Unicode.Scalar) -> Bool {
    let count = max(1, numbers.first ?? 1)
    let here = row * columns + column
    let end = (row + 1) * columns
    switch (final, numbers.first ?? 0) {
    case ("J", 0): erase(here..<cells.count)
    case ("J", 1): erase(0..<(here + 1))
    case ("J", 2): erase(0..<cells.count)
    case ("K", 0): erase(here..<end)
    case ("K", 1): erase((row * columns)..<(here + 1))
    case ("K", 2): erase((row * columns)..<end)
    case ("X", _): erase(here..<min(end, here + count))
    case ("@", _): shift(count)
    case ("P", _): shift(-count)
    case ("L", _): scroll(-count, in: row..<region.upperBound)
    case ("M", _): scroll(count, in: row..<region.upperBound)
    case ("S", _): scroll(count, in: region)
    case ("T", _): scroll(-count, in: region)
    case ("b", _): for _ in 0..<count { print(last) }
    default: return false
    }
    return true
  }

  private mutating func settings(_ numbers: [Int], _ final: Unicode.Scalar) -> Bool {
    switch final {
    case "m": return paint(numbers)
    case "r":
      let bottom = numbers.count > 1 ? numbers[1] : rows
      region = (max(1, numbers.first ?? 1) - 1)..<min(rows, max(1, bottom))
      move(0, 0)
    // xterm keeps the window's name for after the screen, and brings it back.
    case "t": return [[22, 0, 0], [23, 0, 0], [22, 2], [23, 2]].contains(numbers)
    // Insertion is only ever switched off; 34 is Screen's own for the cursor's look.
    case "l": return numbers == [4]
    case "h": return numbers == [34]
    default: return false
    }
    return true
  }

  private mutating func paint(_ numbers: [Int]) -> Bool {
    var rest = numbers[...]
    while let number = rest.popFirst() {
      switch number {
      case 0: pen = Shown()
      case 1: pen.attributes.insert(.bold)
      case 2: pen.attributes.insert(.dim)
      case 4: pen.attributes.insert(.underline)
      case 7: pen.attributes.insert(.reverse)
      case 24: pen.attributes.remove(.underline)
      case 27: pen.attributes.remove(.reverse)
      // The console's own sets of characters.
      case 10, 11: break
      case 30...37: pen.foreground = number - 30
      case 39: pen.foreground = -1
      case 40...47: pen.background = number - 40
      case 49: pen.background = -1
      case 90...97: pen.foreground = number - 82
      case 100...107: pen.background = number - 92
      case 38, 48:
        guard rest.popFirst() == 5, let index = rest.popFirst(), index < 256 else { return false }
        if number == 38 { pen.foreground = index } else { pen.background = index }
      default: return false
      }
    }
    return true
  }
}

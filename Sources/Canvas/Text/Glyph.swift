// What stands in one cell, and never anything that a terminal would obey.

/// Up to two combining marks on a base character; more of them are dropped.
package struct Marks: Hashable, Sendable {
  package private(set) var first: UInt32 = 0
  package private(set) var second: UInt32 = 0
  package init() {}

  /// Adds a mark while there is room.
  package mutating func add(_ scalar: Unicode.Scalar) {
    if first == 0 { first = scalar.value } else if second == 0 { second = scalar.value }
  }
  package var isEmpty: Bool { first == 0 }
}

/// A printable character with its combining marks, its width in columns and its own paint.
package struct Glyph: Hashable, Sendable {
  package var scalar: Unicode.Scalar
  package var marks: Marks
  /// 1 or 2 columns; 0 marks the right half of a wide character in a canvas.
  package var width: UInt8
  /// Stands for something that must not reach the terminal: `^[`, `<U+202E>`.
  package var isEscape: Bool
  /// What the text itself asks for: the colours in a log.
  package var paint: CellStyle

  package init(
    _ scalar: Unicode.Scalar, width: UInt8 = 1, isEscape: Bool = false, paint: CellStyle = .plain
  ) {
    self.scalar = scalar
    self.marks = Marks()
    self.width = width
    self.isEscape = isEscape
    self.paint = paint
  }

  package static let blank = Glyph(" ")
  package static let rightHalf = Glyph(" ", width: 0)
}

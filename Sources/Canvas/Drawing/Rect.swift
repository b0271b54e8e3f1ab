// Where things are drawn: sizes, rectangles, and how a rectangle is divided.

/// Columns and rows of a screen.
package struct Size: Hashable, Sendable {
  package var columns: Int
  package var rows: Int
  package init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }
}

/// A part of a screen; it may be empty, never negative.
package struct Rect: Hashable, Sendable {
  package var row: Int
  package var column: Int
  package var rows: Int
  package var columns: Int
  package init(row: Int = 0, column: Int = 0, rows: Int, columns: Int) {
    self.row = row
    self.column = column
    self.rows = max(0, rows)
    self.columns = max(0, columns)
  }
  package init(_ size: Size) { self.init(rows: size.rows, columns: size.columns) }

  package var isEmpty: Bool { rows == 0 || columns == 0 }
  package var endRow: Int { row + rows }
  package var endColumn: Int { column + columns }

  /// The rectangle's `index`th row.
  package func line(_ index: Int) -> Rect {
    Rect(row: row + index, column: column, rows: index < rows ? 1 : 0, columns: columns)
  }

  /// The rectangle without so many cells at each side.
  package func inset(top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0) -> Rect {
    let top = min(top, rows)
    let left = min(left, columns)
    return Rect(
      row: row + top, column: column + left, rows: rows - top - bottom,
      columns: columns - left - right)
  }

  /// The part of the rectangle from a column of the screen on.
  package func from(_ column: Int) -> Rect { inset(left: max(0, column - self.column)) }

  /// A rectangle of that size in the middle, as large as fits.
  package func centered(rows wantedRows: Int, columns wantedColumns: Int) -> Rect {
    let (height, width) = (min(rows, wantedRows), min(columns, wantedColumns))
    return Rect(
      row: row + (rows - height) / 2, column: column + (columns - width) / 2, rows: height,
      columns: width)
  }
}

/// How much of a rectangle a part of it gets.
package enum Length: Hashable, Sendable {
  case fixed(Int)
  /// A share of what the fixed parts leave.
  case share(Int)
}

extension Rect {
  /// Divides top to bottom; the parts cover the rectangle, the last ones lose when it is too small.
  package func split(rows lengths: [Length]) -> [Rect] {
    var start = 0
    return Self.sizes(of: lengths, in: rows).map { height in
      defer { start += height }
      return Rect(row: row + start, column: column, rows: height, columns: columns)
    }
  }

  /// Divides left to right, by the same rules.
  package func split(columns lengths: [Length]) -> [Rect] {
    var start = 0
    return Self.sizes(of: lengths, in: columns).map { width in
      defer { start += width }
      return Rect(row: row, column: column + start, rows: rows, columns: width)
    }
  }

  private static func sizes(of lengths: [Length], in room: Int) -> [Int] {
    var fixed = 0
    var shares = 0
    for length in lengths {
      switch length {
      case .fixed(let size): fixed += max(0, size)
      case .share(let weight): shares += max(0, weight)
      }
    }
    var flexible = max(0, room - fixed)
    var left = room
    return lengths.map { length in
      let wanted: Int
      switch length {
      case .fixed(let size): wanted = max(0, size)
      case .share(let weight):
        wanted = shares == 0 ? 0 : flexible * max(0, weight) / shares
        flexible -= wanted
        shares -= max(0, weight)
      }
      defer { left -= min(wanted, left) }
      return min(wanted, left)
    }
  }
}

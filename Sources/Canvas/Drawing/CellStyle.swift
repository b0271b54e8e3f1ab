// How a cell looks: colours that may be the terminal's own, and attributes. Apart from the themes,
// which decide it.

/// A colour as a theme or a log's own escape sequence gives it.
package enum Color: Hashable, Sendable {
  /// Whatever the terminal uses by default.
  case terminal
  /// One of the terminal's palette: 0…15 are its 16 colours, 16…255 the fixed cube and greys.
  case index(UInt8)
  case rgb(UInt8, UInt8, UInt8)
}

/// What a cell's letters look like besides their colour.
package struct Attributes: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static let bold = Attributes(rawValue: 1)
  package static let dim = Attributes(rawValue: 2)
  package static let reverse = Attributes(rawValue: 4)
  package static let underline = Attributes(rawValue: 8)
}

/// The colours and attributes of one cell.
package struct CellStyle: Hashable, Sendable {
  package var foreground: Color
  package var background: Color
  package var attributes: Attributes
  package init(
    foreground: Color = .terminal, background: Color = .terminal, attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }
  /// The terminal's own look.
  package static let plain = CellStyle()

  /// This style laid over another: what it leaves to the terminal shows through.
  package func over(_ base: CellStyle) -> CellStyle {
    CellStyle(
      foreground: foreground == .terminal ? base.foreground : foreground,
      background: background == .terminal ? base.background : background,
      attributes: attributes.union(base.attributes))
  }
}

// The ornaments of a screen in two forms: Unicode, and ASCII for terminals without it.

/// The characters that views draw with, so that no view asks which terminal it is on.
package struct GlyphSet: Hashable, Sendable {
  package var ellipsis: Unicode.Scalar
  package var horizontal: Unicode.Scalar
  package var vertical: Unicode.Scalar
  /// Top left, top right, bottom left, bottom right.
  package var corners: [Unicode.Scalar]
  /// Where a line goes off downwards, to the left, to the right.
  package var joints: [Unicode.Scalar]
  /// Where a line stands on another, and where two cross.
  package var footing: Unicode.Scalar
  package var cross: Unicode.Scalar
  package var cursor: Unicode.Scalar
  package var mark: Unicode.Scalar
  package var trouble: Unicode.Scalar
  /// Between two facts on one line.
  package var dot: Unicode.Scalar
  /// A bar's fill, from the thinnest part of a cell to a full one.
  package var barLevels: [Unicode.Scalar]
  package var barEmpty: Unicode.Scalar
  /// A chart's levels from almost nothing to full.
  package var sparkLevels: [Unicode.Scalar]
  package var isASCII: Bool

  package static let unicode = GlyphSet(
    ellipsis: "…", horizontal: "─", vertical: "│", corners: ["┌", "┐", "└", "┘"],
    joints: ["┬", "┤", "├"], footing: "┴", cross: "┼", cursor: "▸",
    mark: "●", trouble: "▲", dot: "·", barLevels: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    barEmpty: "░", sparkLevels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], isASCII: false)

  package static let ascii = GlyphSet(
    ellipsis: "~", horizontal: "-", vertical: "|", corners: ["+", "+", "+", "+"],
    joints: ["+", "+", "+"], footing: "+", cross: "+", cursor: ">",
    mark: "*", trouble: "!", dot: "-", barLevels: ["#"], barEmpty: ".",
    sparkLevels: [".", ":", "-", "=", "+", "*", "#"], isASCII: true)
}

// What a view draws from: the model, where things stand, and how they look.

package import Canvas

/// Everything that a panel's drawing needs.
package struct Scene {
  package let model: DashboardModel
  package let theme: Theme
  package let glyphs: GlyphSet
  package let layout: Layout

  package subscript(role: Role) -> CellStyle { theme[role] }
}

/// A run of text in one role.
package struct Span: Hashable, Sendable {
  package var text: String
  package var role: Role
  package init(_ text: String, _ role: Role = .text) {
    self.text = text
    self.role = role
  }
}

extension Canvas {
  /// Writes spans one after the other; what does not fit is cut with an ellipsis.
  ///
  /// - Returns: the columns that were written.
  @discardableResult
  mutating func write(_ spans: [Span], in rect: Rect, _ scene: Scene) -> Int {
    var used = 0
    for span in spans where used < rect.columns {
      used += write(SafeText(span.text), in: rect.inset(left: used), style: scene[span.role])
    }
    return used
  }

  /// Writes as many of the parts as fit whole, with a gap between them.
  mutating func writeWhole(_ parts: [[Span]], gap: Int, in rect: Rect, _ scene: Scene) {
    var used = 0
    for part in parts {
      let width = part.reduce(0) { $0 + SafeText($1.text).columns }
      guard used + width <= rect.columns else { return }
      used += write(part, in: rect.inset(left: used), scene) + gap
    }
  }
}

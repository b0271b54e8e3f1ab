// Panels as constants: adding one is adding a file and a line here.

package import Canvas

/// What the screen needs to know of a panel.
package struct PanelDescriptor: Sendable {
  package let id: PanelID
  package let name: String
  /// A number beside the name, when it says something.
  let count: @Sendable (Scene) -> String?
  /// The right end of the title.
  let status: @Sendable (Scene) -> [Span]
  /// Under this size only the title is drawn.
  package let minimum: Size
  let draw: @Sendable (Scene, inout Canvas, Rect) -> Void

  /// In the order of their numbers.
  package static let all = [queue, failures, item]

  package static func of(_ id: PanelID) -> PanelDescriptor? { all.first { $0.id == id } }
}

extension PanelDescriptor {
  /// Draws the title and, under it, the panel.
  func drawWhole(_ scene: Scene, _ canvas: inout Canvas, _ rect: Rect) {
    drawTitle(scene, &canvas, rect.line(0))
    let body = rect.inset(top: 1)
    guard body.rows >= minimum.rows, body.columns >= minimum.columns else { return }
    draw(scene, &canvas, body)
  }

  /// `─[1 Queue]─ 2 Failures 37 ──────────── 894 shown ─`: the names of the panels that share this
  /// place, the present one marked by brackets as well as by its style.
  private func drawTitle(_ scene: Scene, _ canvas: inout Canvas, _ line: Rect) {
    canvas.fill(line, with: scene.glyphs.horizontal, style: scene[.border])
    var used = 1
    for panel in sharing(scene) {
      let name = panel.label(scene)
      let isShown = panel.id == id
      let isFocused = scene.model.focus == panel.id
      let text = isShown && isFocused ? "[\(name)]" : " \(name) "
      let role: Role = isFocused && isShown ? .focus : isShown ? .title : .muted
      used += canvas.write([Span(text, role)], in: line.inset(left: used, right: 1), scene)
    }
    let status = [Span(" ")] + self.status(scene) + [Span(" ")]
    let width = status.reduce(0) { $0 + SafeText($1.text).columns }
    let room = line.columns - used - 2
    guard width > 2, room > 8 else { return }
    let taken = min(width, room)
    let start = line.columns - 1 - taken
    canvas.write(status, in: line.inset(left: start, right: 1), scene)
  }

  private func label(_ scene: Scene) -> String {
    let count = count(scene).map { " " + $0 } ?? ""
    return "\(id.rawValue) \(name)\(count)"
  }

  private func sharing(_ scene: Scene) -> [PanelDescriptor] {
    switch scene.layout.form {
    case .single: PanelDescriptor.all
    case .stacked where scene.model.isZoomed: PanelDescriptor.all
    case .stacked where id != .item: PanelDescriptor.all.filter { $0.id != .item }
    default: [self]
    }
  }
}

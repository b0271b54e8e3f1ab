// Panels as constants: adding one is adding a file and a line here.

package import Canvas

/// What the screen needs to know of a panel.
package struct PanelDescriptor: Sendable {
  package let id: PanelID
  package let name: String
  /// Where eight names have to share a line.
  let shortName: String
  /// A number beside the name, when it says something.
  let count: @Sendable (Scene) -> String?
  /// The right end of the title.
  let status: @Sendable (Scene) -> [Span]
  /// Under this size only the title is drawn.
  package let minimum: Size
  let draw: @Sendable (Scene, inout Canvas, Rect) -> Void

  /// In the order of their numbers.
  package static let all = [queue, failures, item] + GaugePanel.all.map(\.descriptor)

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
    let status = paddedStatus(scene)
    let width = status.reduce(0) { $0 + SafeText($1.text).columns }
    var used = 1
    for name in names(scene, columns: line.columns - 2, status: width) {
      used += canvas.write([name], in: line.inset(left: used, right: 1), scene)
    }
    let room = line.columns - used - 2
    guard width > 2, room > 8 else { return }
    let taken = min(width, room)
    let start = line.columns - 1 - taken
    canvas.write(status, in: line.inset(left: start, right: 1), scene)
  }

  func paddedStatus(_ scene: Scene) -> [Span] { [Span(" ")] + self.status(scene) + [Span(" ")] }

  /// How much of a panel's name there is room for: with its count, shorter, without the count.
  private enum NameForm: CaseIterable { case whole, short, bare, number }

  /// The longest form of the names that leaves room for what is most important of the status; numbers
  /// are for where not even the short names fit.
  func names(_ scene: Scene, columns: Int, status: Int) -> [Span] {
    let sharing = sharing(scene)
    func names(_ form: NameForm) -> [Span] { sharing.map { name(of: $0, form, scene) } }
    func width(_ names: [Span]) -> Int { names.reduce(0) { $0 + SafeText($1.text).columns } }
    let fitting = NameForm.allCases.first { width(names($0)) + min(status, columns / 4) <= columns }
    return names(fitting ?? .number)
  }

  private func name(of panel: PanelDescriptor, _ form: NameForm, _ scene: Scene) -> Span {
    let isShown = panel.id == id
    let isFocused = scene.model.focus == panel.id
    let label = panel.label(isShown && form == .number ? .short : form, scene)
    if isShown { return Span(isFocused ? "[\(label)]" : " \(label) ", isFocused ? .focus : .title) }
    return Span(" \(label) ", panel.isTroubled(scene) ? .wait : .muted)
  }

  private func label(_ form: NameForm, _ scene: Scene) -> String {
    let count = count(scene).map { " " + $0 } ?? ""
    switch form {
    case .whole: return "\(id.rawValue) \(name)\(count)"
    case .short: return "\(id.rawValue) \(shortName)\(count)"
    case .bare: return "\(id.rawValue) \(shortName)" + (isTroubled(scene) ? "!" : "")
    case .number: return "\(id.rawValue)" + (isTroubled(scene) ? "!" : "")
    }
  }

  /// A count that ends in `!` is one that should be looked at.
  private func isTroubled(_ scene: Scene) -> Bool { count(scene)?.hasSuffix("!") ?? false }

  func sharing(_ scene: Scene) -> [PanelDescriptor] {
    let telling = PanelDescriptor.all.filter { scene.layout.telling.contains($0.id) }
    switch scene.layout.form {
    case .single: return telling
    case _ where scene.model.isZoomed: return telling
    case .stacked where id != .item: return telling.filter { $0.id != .item }
    default: return [self]
    }
  }
}

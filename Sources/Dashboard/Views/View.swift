// The screen as a function of the model.

package import Canvas

/// Draws the dashboard.
///
/// *Purity*: the same arguments give the same canvas.
package func view(_ model: DashboardModel, theme: Theme, glyphs: GlyphSet = .unicode) -> Canvas {
  var canvas = Canvas(
    size: model.size, glyphs: glyphs, base: theme[.text], escapeStyle: theme[.escape])
  let scene = Scene(model: model, theme: theme, glyphs: glyphs, layout: model.layout)
  scene.draw(on: &canvas)
  return canvas
}

extension Scene {
  fileprivate func draw(on canvas: inout Canvas) {
    guard layout.form != .line else {
      HeaderView.drawLine(self, &canvas, Rect(canvas.size).line(0))
      return
    }
    HeaderView.draw(self, &canvas, layout.header)
    TroubleView.draw(self, &canvas, layout.trouble)
    for panel in PanelDescriptor.all {
      if let rect = layout.panels[panel.id] { panel.drawWhole(self, &canvas, rect) }
    }
    if let divider = layout.divider, layout.panels.count > 1 {
      canvas.divider(divider, style: self[.border])
      for panel in layout.panels.values where panel.row > divider.row {
        canvas.put(
          Glyph(glyphs.joints[1]), row: panel.row, column: divider.column, style: self[.border])
      }
      if let title = layout.itemDivider {
        canvas.put(
          Glyph(glyphs.joints[2]), row: title.row, column: divider.column, style: self[.border])
      }
    }
    if let charts = layout.charts { ChartsView.draw(self, &canvas, charts) }
    HintView.draw(self, &canvas, layout.hints)
    NoticeView.draw(self, &canvas, layout.notice)
    drawOverlay(on: &canvas)
  }

  private func drawOverlay(on canvas: inout Canvas) {
    switch model.overlay {
    case .help(let top): HelpView.draw(self, &canvas, top: top)
    case .sheet(let sheet): SheetView.draw(self, &canvas, sheet)
    case .filter, .search, nil: break
    }
  }
}

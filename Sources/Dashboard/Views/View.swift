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
    if let charts = layout.charts { ChartsView.draw(self, &canvas, charts) }
    drawDividers(on: &canvas)
    HintView.draw(self, &canvas, layout.hints)
    NoticeView.draw(self, &canvas, layout.notice)
    drawOverlay(on: &canvas)
  }

  /// Lines between panels, joined to the titles that they meet.
  private func drawDividers(on canvas: inout Canvas) {
    let titles = layout.panels.values.map { $0.line(0) } + (layout.itemDivider.map { [$0] } ?? [])
    for divider in layout.dividers { canvas.divider(divider, style: self[.border]) }
    for divider in layout.dividers {
      for title in titles {
        let isLeft = title.endColumn == divider.column
        let isRight = title.column == divider.endColumn
        guard isLeft || isRight, title.row > divider.row, title.row < divider.endRow else {
          continue
        }
        let isBoth = titles.contains {
          $0.row == title.row && $0 != title
            && ($0.endColumn == divider.column || $0.column == divider.endColumn)
        }
        let joint = isBoth ? glyphs.cross : glyphs.joints[isLeft ? 1 : 2]
        canvas.put(Glyph(joint), row: title.row, column: divider.column, style: self[.border])
      }
      endDivider(divider, titles, on: &canvas)
    }
  }

  /// A divider that stands on a title below it.
  private func endDivider(_ divider: Rect, _ titles: [Rect], on canvas: inout Canvas) {
    let below = divider.endRow
    let isOnTitle =
      layout.charts?.row == below
      || titles.contains {
        $0.row == below && $0.column <= divider.column && divider.column < $0.endColumn
      }
    let meetsAnother = layout.dividers.contains {
      $0.row == below && $0.column == divider.column
    }
    guard isOnTitle || meetsAnother else { return }
    // A name that stands there is not written over.
    guard canvas[below, divider.column].glyph == Glyph(glyphs.horizontal) || meetsAnother else {
      return
    }
    canvas.put(
      Glyph(meetsAnother ? glyphs.cross : glyphs.footing), row: below, column: divider.column,
      style: self[.border])
  }

  private func drawOverlay(on canvas: inout Canvas) {
    switch model.overlay {
    case .help(let top): HelpView.draw(self, &canvas, top: top)
    case .sheet(let sheet): SheetView.draw(self, &canvas, sheet)
    case .away(let report): AwayView.draw(self, &canvas, report)
    case .palette(let palette): PaletteView.draw(self, &canvas, palette)
    case .menu(let menu): MenuView.draw(self, &canvas, menu)
    case .themes(let picker): ThemesView.draw(self, &canvas, picker)
    case .filter, .search, .prompt, nil: break
    }
  }
}

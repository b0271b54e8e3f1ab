// What stands under a cell of the screen: asked by the mouse, answered from what is drawn there.

import BatchModel
import Canvas

/// Something that can be clicked.
enum Hit: Hashable {
  /// A hint: its key.
  case key(Key)
  /// A panel's name in a title.
  case name(PanelID)
  /// A tab of the item.
  case tab(ItemTab)
  /// An item of the queue, by its place in the window.
  case queueRow(Int)
  case group(Signature)
  case gaugeRow(PanelID, String)
  /// The panel, where nothing in it can be chosen.
  case panel(PanelID)
}

/// Something that can be clicked of what lies over the panels.
enum OverlayHit: Hashable {
  /// An answer, or what closes it: that key.
  case key(Key)
  /// A line of a menu or of the themes.
  case line(Int)
  /// A completion of the palette: the line that it makes.
  case completion(String)
}

extension DashboardModel {
  /// What is under a cell; `nil` where nothing is.
  func hit(row: Int, column: Int) -> Hit? {
    let layout = self.layout
    if layout.hints.holds(row: row, column: column) {
      let isCovered = layout.notice == layout.hints && (toast != nil || !pending.isEmpty)
      return isCovered ? nil : HintView.key(at: column, self, layout.hints).map(Hit.key)
    }
    guard let (panel, rect) = panel(row: row, column: column) else { return nil }
    // The log of a high panel has a title of its own, which is its tab.
    if panel == .item, row == layout.itemDivider?.row { return .tab(.log) }
    if row == rect.row { return title(of: panel, rect.line(0), column) ?? .panel(panel) }
    return inside(panel, rect, row) ?? .panel(panel)
  }

  /// What of an overlay is under a cell; `nil` where a click means nothing.
  func hit(row: Int, column: Int, on overlay: Overlay) -> OverlayHit? {
    let screen = Rect(size)
    switch overlay {
    case .help: return .key(.escape)
    case .sheet(let sheet):
      return SheetView.key(row: row, column: column, sheet, on: screen).map(OverlayHit.key)
    case .away(let report): return .key(AwayView.key(row: row, column: column, report, self))
    case .palette(let palette):
      return PaletteView.completion(row: row, column: column, palette, self)
        .map(OverlayHit.completion)
    case .menu(let menu):
      return line(of: MenuView.list(menu, self), row, column, among: menu.entries.count)
    case .themes(let picker):
      return line(of: ThemesView.list(picker), row, column, among: picker.names.count)
    case .filter, .search, .prompt: return nil
    }
  }

  /// A line of a list; beside the list is out of it.
  private func line(of list: ListBox, _ row: Int, _ column: Int, among count: Int) -> OverlayHit? {
    let screen = Rect(size)
    guard list.box(on: screen).holds(row: row, column: column) else { return .key(.escape) }
    return list.line(atRow: row, on: screen).flatMap { $0 < count ? .line($0) : nil }
  }

  /// The panel under a cell.
  func panel(row: Int, column: Int) -> (PanelID, Rect)? {
    let layout = self.layout
    return PanelID.allCases.lazy.compactMap { panel -> (PanelID, Rect)? in
      guard let rect = layout.panels[panel], rect.holds(row: row, column: column) else {
        return nil
      }
      return (panel, rect)
    }.first
  }

  private func title(of panel: PanelID, _ line: Rect, _ column: Int) -> Hit? {
    guard let descriptor = PanelDescriptor.of(panel) else { return nil }
    // What is written does not depend on how it looks.
    let scene = Scene(model: self, theme: .mono, glyphs: .unicode, layout: layout)
    let status = descriptor.paddedStatus(scene)
    let width = status.reduce(0) { $0 + SafeText($1.text).columns }
    let names = descriptor.names(scene, columns: line.columns - 2, status: width)
    let sharing = descriptor.sharing(scene).map(\.id)
    if let index = Self.index(of: column, in: names, from: line.column + 1) {
      return sharing.indices.contains(index) ? .name(sharing[index]) : nil
    }
    guard panel == .item else { return nil }
    // What the names leave is where the status begins to be cut.
    let used = names.reduce(1) { $0 + SafeText($1.text).columns }
    let start = line.endColumn - 1 - min(width, line.columns - used - 2)
    return Self.index(of: column, in: status, from: start).flatMap { index in
      ItemTab(named: status[index].text.filter { $0.isLetter }).map(Hit.tab)
    }
  }

  /// Which of several texts that stand one after the other is in a column.
  private static func index(of column: Int, in spans: [Span], from start: Int) -> Int? {
    var start = start
    for (index, span) in spans.enumerated() {
      let end = start + SafeText(span.text).columns
      if (start..<end).contains(column) { return index }
      start = end
    }
    return nil
  }

  private func inside(_ panel: PanelID, _ rect: Rect, _ row: Int) -> Hit? {
    switch panel {
    case .queue:
      let index = queue.top + row - rect.row - 2
      return row >= rect.row + 2 && queue.rows.indices.contains(index) ? .queueRow(index) : nil
    case .failures: return group(drawnOn: row, rect).map { .group($0.signature) }
    case .item: return nil
    case .breakers, .waits, .cost, .sync, .doctor:
      let body = rect.inset(top: 1)
      return GaugePanel.of(panel)?.row(at: row - body.row, self, in: body, .unicode)
        .map { .gaugeRow(panel, $0) }
    }
  }

  /// The group whose name stands on a line of the failures' panel.
  private func group(drawnOn row: Int, _ rect: Rect) -> FailureGroup? {
    let line = view(self, theme: .mono).line(row)
    let words = line.unicodeScalars.split(separator: " ").prefix(3).map(String.init)
    return groups.first { words.contains($0.name) }
  }
}

extension Rect {
  fileprivate func holds(row: Int, column: Int) -> Bool {
    (self.row..<endRow).contains(row) && (self.column..<endColumn).contains(column)
  }
}

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

extension DashboardModel {
  /// What is under a cell; `nil` where nothing is.
  func hit(row: Int, column: Int) -> Hit? {
    let layout = self.layout
    if layout.hints.holds(row: row, column: column) {
      let isCovered = layout.notice == layout.hints && (toast != nil || !pending.isEmpty)
      return isCovered ? nil : HintView.key(at: column, self, layout.hints).map(Hit.key)
    }
    guard let (panel, rect) = panel(row: row, column: column) else { return nil }
    if row == rect.row { return title(of: panel, rect.line(0), column) ?? .panel(panel) }
    return inside(panel, rect, row) ?? .panel(panel)
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
    let start = line.endColumn - 1 - width
    return Self.index(of: column, in: status, from: start).flatMap { index in
      let word = status[index].text.filter { $0.isLetter }
      return ItemTab(rawValue: word).map(Hit.tab)
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

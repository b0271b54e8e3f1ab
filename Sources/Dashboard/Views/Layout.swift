// Which panel stands where, at every size: asked by views for drawing and by updates for scrolling.

package import Canvas

/// A gauge that wants to be seen, and how many lines it has.
package struct GaugeWish: Hashable, Sendable {
  package var panel: PanelID
  package var rows: Int
  package init(_ panel: PanelID, rows: Int) {
    self.panel = panel
    self.rows = rows
  }
}

/// What the screen is divided for.
package struct LayoutWish: Hashable, Sendable {
  package var focus: PanelID
  /// The list that stands over the item where there is room for one: the queue or another.
  package var list: PanelID
  package var isZoomed = false
  package var arrangement = Arrangement.usual
  /// How many groups of failures there are to show.
  package var groups = 0
  /// Whether the header has a line for what calls cost and wait for.
  package var hasCalls = false
  /// The gauges that have something to show, and the one that has the focus.
  package var gauges: [GaugeWish] = []
  package init(focus: PanelID = .queue, list: PanelID = .queue) {
    self.focus = focus
    self.list = list
  }
}

/// The screen divided.
package struct Layout: Hashable, Sendable {
  package enum Form: Hashable, Sendable {
    /// Under 30×8: one line.
    case line
    /// Under 60×15: one panel and a status line.
    case single
    /// One list, the item under it.
    case stacked
    /// Queue over failures at the left, the item at the right, the gauges below.
    case split
    /// Queue over failures, the item, the gauges side by side, and the charts along the bottom.
    case wide
  }

  package private(set) var form: Form
  /// The panels that have something to tell, whether or not there is room for them.
  package let telling: [PanelID]
  package private(set) var header: Rect
  /// One line for what is wrong or to be done; blank when there is nothing.
  package private(set) var trouble: Rect
  /// The visible panels; each one's first row is its title.
  package private(set) var panels: [PanelID: Rect] = [:]
  package private(set) var charts: Rect?
  /// Countdowns, words to the person, typing.
  package private(set) var notice: Rect
  package private(set) var hints: Rect
  /// The columns between panels that stand side by side.
  package private(set) var dividers: [Rect] = []

  package init(size: Size, _ wish: LayoutWish = LayoutWish()) {
    let screen = Rect(size)
    form = Self.form(of: size)
    telling = [.queue, .failures, .item] + wish.gauges.map(\.panel)
    let isTight = form == .line || form == .single
    let parts = screen.split(rows: [
      .fixed(isTight ? 1 : wish.hasCalls ? 3 : 2), .fixed(1), .share(1), .fixed(isTight ? 0 : 1),
      .fixed(1),
    ])
    header = parts[0]
    trouble = parts[1]
    // In a small window the countdown takes the place of the hints while it runs.
    notice = isTight ? parts[4] : parts[3]
    hints = parts[4]
    guard form != .line else { return }
    place(wish, in: parts[2])
  }

  private mutating func place(_ wish: LayoutWish, in body: Rect) {
    if wish.isZoomed || form == .single {
      panels = [wish.focus: body]
      return
    }
    switch form {
    case .stacked: placeStacked(wish, in: body)
    case .wide: placeWide(wish, in: body)
    default: placeSplit(wish, in: body)
    }
  }

  private mutating func placeStacked(_ wish: LayoutWish, in body: Rect) {
    // The item gets two fifths, and more when it is what the person looks at.
    let share = wish.focus == .item ? 11 : 8
    let parts = body.split(rows: [.share(20 - share), .share(share)])
    panels[wish.list] = parts[0]
    panels[.item] = parts[1]
  }

  private mutating func placeSplit(_ wish: LayoutWish, in body: Rect) {
    var body = body
    if !wish.gauges.isEmpty {
      let strip = strip(wish, in: body)
      let parts = body.split(rows: [.share(1), .fixed(strip.reduce(0) { $0 + $1.rows })])
      body = parts[0]
      place(strip, in: parts[1])
    }
    let sides = body.split(columns: [.share(5), .fixed(1), .share(3)])
    placeLists(wish, in: sides[0])
    panels[.item] = sides[2]
    dividers.append(sides[1])
  }

  private mutating func placeWide(_ wish: LayoutWish, in body: Rect) {
    let parts = body.split(rows: [.share(1), .fixed(9)])
    charts = parts[1]
    guard !wish.gauges.isEmpty else {
      let sides = parts[0].split(columns: [.share(5), .fixed(1), .share(3)])
      placeLists(wish, in: sides[0])
      panels[.item] = sides[2]
      dividers.append(sides[1])
      return
    }
    let gauges = wish.arrangement == .gauges ? parts[0].columns / 2 : 50
    let sides = parts[0].split(columns: [
      .share(5), .fixed(1), .share(4), .fixed(1), .fixed(gauges),
    ])
    placeLists(wish, in: sides[0])
    panels[.item] = sides[2]
    dividers += [sides[1], sides[3]]
    placeColumn(wish.gauges, in: sides[4])
  }

  /// The queue over the failures.
  private mutating func placeLists(_ wish: LayoutWish, in column: Rect) {
    // Room for the groups that there are, and never more than a third, unless they are the point.
    let isTriage = wish.arrangement == .triage
    let failures = isTriage ? column.rows * 3 / 5 : min(max(wish.groups + 2, 5), column.rows / 3)
    let parts = column.split(rows: [.share(1), .fixed(failures)])
    panels[.queue] = parts[0]
    panels[.failures] = parts[1]
  }

  /// One under the other: each gets its lines, and what is left is shared.
  private mutating func placeColumn(_ gauges: [GaugeWish], in column: Rect) {
    let wanted = gauges.map { min($0.rows, 10) + 2 }
    let isTight = wanted.reduce(0, +) > column.rows
    let lengths = wanted.map { isTight ? Length.share($0) : .fixed($0) }
    let parts = column.split(rows: isTight ? lengths : lengths.dropLast() + [.share(1)])
    for (gauge, part) in zip(gauges, parts) { panels[gauge.panel] = part }
  }
}

// The gauges of a screen that is not wide enough for a column of them.
extension Layout {
  private struct Band {
    var gauges: [GaugeWish]
    var rows: Int
  }

  /// At most three side by side; together never more than a third of the body.
  private func strip(_ wish: LayoutWish, in body: Rect) -> [Band] {
    let share = wish.arrangement == .gauges ? body.rows * 3 / 5 : body.rows / 3
    // Four are two and two: wider, and none of them alone on its line.
    let perBand = wish.gauges.count == 4 ? 2 : 3
    var bands: [Band] = []
    for start in stride(from: 0, to: wish.gauges.count, by: perBand) {
      let gauges = Array(wish.gauges[start..<min(start + perBand, wish.gauges.count)])
      let lines = gauges.map(\.rows).max() ?? 1
      bands.append(Band(gauges: gauges, rows: min(max(lines, 1), 6) + 1))
    }
    var surplus = bands.reduce(0) { $0 + $1.rows } - share
    if wish.arrangement == .gauges, surplus < 0, !bands.isEmpty {
      for index in bands.indices { bands[index].rows += -surplus / bands.count }
    }
    for index in bands.indices.reversed() where surplus > 0 {
      let cut = min(surplus, max(0, bands[index].rows - 2))
      bands[index].rows -= cut
      surplus -= cut
    }
    return bands
  }

  private mutating func place(_ bands: [Band], in rect: Rect) {
    let lines = rect.split(rows: bands.map { .fixed($0.rows) })
    for (band, line) in zip(bands, lines) {
      var lengths: [Length] = []
      for index in band.gauges.indices {
        lengths += index > 0 ? [.fixed(1), .share(1)] : [.share(1)]
      }
      let parts = line.split(columns: lengths)
      for (index, gauge) in band.gauges.enumerated() {
        panels[gauge.panel] = parts[index * 2]
        if index > 0 { dividers.append(parts[index * 2 - 1]) }
      }
    }
  }

  private static func form(of size: Size) -> Form {
    if size.columns < 30 || size.rows < 8 { return .line }
    if size.columns < 60 || size.rows < 15 { return .single }
    if size.columns < 120 || size.rows < 30 { return .stacked }
    return size.columns >= 180 && size.rows >= 50 ? .wide : .split
  }
}

// Inside the panels: what scrolling has to know.
extension Layout {
  /// The item's panel is high enough to show its facts above its log.
  package var itemIsDivided: Bool { (panels[.item]?.rows ?? 0) >= 30 }

  /// Rows of the list in the queue's panel, without its title and column names.
  package var queueRows: Int { max(1, (panels[.queue]?.rows ?? 3) - 2) }

  /// Rows of text in the item's panel.
  package var itemRows: Int { max(1, itemText.rows) }

  /// Rows of the log in the item's panel.
  package var logRows: Int { max(1, itemLog.rows) }

  /// Where the tab's lines stand: under the panel's title and its one sentence.
  package var itemText: Rect { itemParts?[0] ?? itemBody }

  /// Where the log's lines stand: beside the facts, or in their place.
  package var itemLog: Rect { itemParts?[2] ?? itemBody }

  /// The line between facts and log, when both are shown.
  package var itemDivider: Rect? { itemParts?[1] }

  private var itemBody: Rect { panels[.item]?.inset(top: 2) ?? Rect(rows: 0, columns: 0) }

  private var itemParts: [Rect]? {
    itemIsDivided ? itemBody.split(rows: [.share(2), .fixed(1), .share(3)]) : nil
  }
}

extension DashboardModel {
  package var layout: Layout {
    var wish = LayoutWish(focus: focus, list: list)
    wish.isZoomed = isZoomed
    wish.arrangement = arrangement
    // A look at a sample needs the lines of a dozen groups.
    wish.groups = failures.browsing == nil ? groups.count : 12
    wish.hasCalls = snapshot?.hasCalls ?? false
    wish.gauges = tellingGauges
    return Layout(size: size, wish)
  }

  /// The gauges that have something to tell, and the one that has the focus.
  private var tellingGauges: [GaugeWish] {
    PanelID.gauges.compactMap { panel in
      let rows = gaugeRows(of: panel).count
      return rows > 0 || panel == focus ? GaugeWish(panel, rows: max(rows, 2)) : nil
    }
  }
}

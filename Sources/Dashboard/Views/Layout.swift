// Which panel stands where, at every size: asked by views for drawing and by updates for scrolling.

package import Canvas

/// The screen divided.
package struct Layout: Hashable, Sendable {
  package enum Form: Hashable, Sendable {
    /// Under 30×8: one line.
    case line
    /// Under 60×15: one panel and a status line.
    case single
    /// The queue or the failures, the item under it.
    case stacked
    /// Queue over failures at the left, the item at the right.
    case split
    /// As `split`, with the charts along the bottom.
    case wide
  }

  package private(set) var form: Form
  package private(set) var header: Rect
  /// One line for what is wrong or to be done; blank when there is nothing.
  package private(set) var trouble: Rect
  /// The visible panels; each one's first row is its title.
  package private(set) var panels: [PanelID: Rect] = [:]
  package private(set) var charts: Rect?
  /// Countdowns, words to the person, typing.
  package private(set) var notice: Rect
  package private(set) var hints: Rect
  /// The column between left and right panels.
  package private(set) var divider: Rect?

  /// - Parameters:
  ///   - groups: how many groups of failures there are to show.
  ///   - hasCalls: whether the header has a line for what calls cost and wait for.
  package init(
    size: Size, focus: PanelID, isZoomed: Bool, groups: Int = 0, hasCalls: Bool = false
  ) {
    let screen = Rect(size)
    form = Self.form(of: size)
    let isTight = form == .line || form == .single
    let parts = screen.split(rows: [
      .fixed(isTight ? 1 : hasCalls ? 3 : 2), .fixed(1), .share(1), .fixed(isTight ? 0 : 1),
      .fixed(1),
    ])
    header = parts[0]
    trouble = parts[1]
    // In a small window the countdown takes the place of the hints while it runs.
    notice = isTight ? parts[4] : parts[3]
    hints = parts[4]
    guard form != .line else { return }
    place(in: parts[2], focus: focus, isZoomed: isZoomed, groups: groups)
  }

  private mutating func place(in body: Rect, focus: PanelID, isZoomed: Bool, groups: Int) {
    if isZoomed || form == .single {
      panels = [focus: body]
    } else if form == .stacked {
      placeStacked(in: body, focus: focus)
    } else {
      placeSplit(in: body, groups: groups)
    }
  }

  private mutating func placeStacked(in body: Rect, focus: PanelID) {
    // The item gets two fifths, and more when it is what the person looks at.
    let share = focus == .item ? 11 : 8
    let parts = body.split(rows: [.share(20 - share), .share(share)])
    panels[focus == .failures ? .failures : .queue] = parts[0]
    panels[.item] = parts[1]
  }

  private mutating func placeSplit(in body: Rect, groups: Int) {
    var body = body
    if form == .wide {
      let parts = body.split(rows: [.share(1), .fixed(9)])
      body = parts[0]
      charts = parts[1]
    }
    let sides = body.split(columns: [.share(5), .fixed(1), .share(3)])
    // Room for the groups that there are, and never more than a third.
    let failures = min(max(groups + 2, 5), body.rows / 3)
    let left = sides[0].split(rows: [.share(1), .fixed(failures)])
    panels = [.queue: left[0], .failures: left[1], .item: sides[2]]
    divider = sides[1]
  }

  private static func form(of size: Size) -> Form {
    if size.columns < 30 || size.rows < 8 { return .line }
    if size.columns < 60 || size.rows < 15 { return .single }
    if size.columns < 120 || size.rows < 30 { return .stacked }
    return size.columns >= 180 && size.rows >= 50 ? .wide : .split
  }
}

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
  package var itemText: Rect {
    guard let panel = panels[.item] else { return Rect(rows: 0, columns: 0) }
    let body = panel.inset(top: 2)
    return itemIsDivided ? body.split(rows: [.share(2), .fixed(1), .share(3)])[0] : body
  }

  /// Where the log's lines stand: beside the facts, or in their place.
  package var itemLog: Rect {
    guard let panel = panels[.item] else { return Rect(rows: 0, columns: 0) }
    let body = panel.inset(top: 2)
    return itemIsDivided ? body.split(rows: [.share(2), .fixed(1), .share(3)])[2] : body
  }

  /// The line between facts and log, when both are shown.
  package var itemDivider: Rect? {
    guard let panel = panels[.item], itemIsDivided else { return nil }
    return panel.inset(top: 2).split(rows: [.share(2), .fixed(1), .share(3)])[1]
  }
}

extension DashboardModel {
  package var layout: Layout {
    Layout(
      size: size, focus: focus, isZoomed: isZoomed, groups: groups.count,
      hasCalls: snapshot?.hasCalls ?? false)
  }
}

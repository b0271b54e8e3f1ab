// Everything that the screen knows: one value, changed by `update` only.

package import BatchModel
package import Canvas
package import Resilience

/// The local time zone as the screen needs it.
package struct Zone: Hashable, Sendable {
  package var name: String
  package var offset: Duration
  package init(name: String = "UTC", offset: Duration = .zero) {
    self.name = name
    self.offset = offset
  }
}

/// Whether news of the run still comes.
package enum Connection: Hashable, Sendable {
  case connecting
  case connected
  /// The store cannot be read; what is shown is the last that was.
  case lost(String)
}

/// The item of the item's panel.
package struct ItemFocus: Hashable, Sendable {
  package var detail: ItemDetail?
  package var tab = ItemTab.log
  /// The first visible line of the tabs other than the log.
  package var top = 0
  /// The newest text of a tab that is fetched, and what was asked for last.
  package var text: ItemText?
  package var asked: TextRequest?
  /// The line that a search found last.
  package var found: Int?
}

/// The failures' panel: its selection is a signature, not a row.
package struct FailuresState: Hashable, Sendable {
  package var selected: Signature?
  /// Set while the samples of the selected group are looked at.
  package var browsing: SampleBrowsing?
  /// The canaries of the newest snapshot.
  var canaries: [CanaryFigures] = []
  /// Canaries that ended by failing, of groups whose failures are still theirs.
  var endedCanaries: [Signature: CanaryFigures] = [:]
}

/// The dashboard's state.
package struct DashboardModel: Hashable, Sendable {
  package var size: Size
  package var now: Instant
  package let zone: Zone
  /// Acting keys are off.
  package let isReadOnly: Bool
  package var isTerminalFocused = true

  package var connection = Connection.connecting
  package var snapshot: RunSnapshot?
  /// Set while the display is frozen: when it was.
  package var frozenAt: Instant?
  /// The newest snapshot that came while it was frozen.
  package var unseen: RunSnapshot?
  package var history = History()
  /// What the charts were when the display was frozen; `history` goes on behind it.
  package var frozenHistory: History?

  /// Set while the run's past is shown; news of the run wait behind it.
  package var past: PastState?
  /// How often the past was entered.
  var visits = 0

  package var focus = PanelID.queue {
    didSet { if focus != .item { list = focus } }
  }
  /// The list that was looked at last: it stays where it is while the item has the focus.
  package private(set) var list = PanelID.queue
  package var isZoomed = false
  package var queue = QueueState()
  package var failures = FailuresState()
  package var item = ItemFocus()
  package var gauges = GaugeState()
  package var away = AwayState()
  package var arrangement = Arrangement.usual
  package var log = LogTail()
  package var overlay: Overlay?
  package var paletteHistory = PaletteHistory()
  /// The queue's columns.
  package var columns = QueueColumn.allCases
  /// The themes that there are to choose from; none on a screen without colours.
  package var themes: [String] = []
  /// The name of the one that is shown.
  package var theme = ""
  /// The mouse is reported.
  package var isMouseOn = false
  /// Other keys than the table's own.
  package var keyMap = KeyMap()
  var title = WindowTitle()
  /// The parameters that were given to a person to edit last.
  var editing: ParamsEditing?

  package var pending: [PendingDeed] = []
  package var toast: Toast?
  package var nextToken = 1

  package init(
    size: Size, now: Instant, zone: Zone = Zone(), isReadOnly: Bool = false
  ) {
    self.size = size
    self.now = now
    self.zone = zone
    self.isReadOnly = isReadOnly
  }

  /// The key of an action, for a sentence that names it.
  package func key(_ intent: Intent) -> String { keyMap.name(of: intent) }

  /// The moment that ages and countdowns are shown for.
  package var shownAt: Instant { past?.moment?.at ?? frozenAt ?? now }
  package var groups: [FailureGroup] { snapshot?.groups ?? [] }
  package var steps: [String] { snapshot?.summary.steps ?? [] }
  package var hasEngine: Bool { snapshot.map { $0.engine != .absent } ?? false }

  /// The group that a failed item belongs to.
  package func group(of signature: Signature?) -> FailureGroup? {
    guard let signature else { return nil }
    return groups.first { $0.signature == signature }
  }

  package var selectedGroup: FailureGroup? {
    group(of: failures.selected) ?? groups.first
  }

  /// A step's name; the numbers of a run without names are shown as they are.
  package func stepName(_ index: Int) -> String {
    steps.indices.contains(index) ? steps[index] : "\(index + 1)"
  }

  /// The row of the selected item: the window's, or the last detail's when it moved out of it.
  package var selectedItem: ItemRow? {
    if let row = queue.selectedRow { return row }
    if let detail = item.detail, detail.row.id == queue.selected { return detail.row }
    return failures.browsing?.samples.first { $0.row.id == queue.selected }?.row
  }
}

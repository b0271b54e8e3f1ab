// A key binding as data: the hint line, the help and the key table in the documents come from it.

package import Canvas

/// What a key does.
package enum Intent: Hashable, Sendable {
  case down, up, halfPageDown, halfPageUp, pageDown, pageUp, first, last, left, right
  case nextPanel, previousPanel
  case panel(PanelID)
  case open, back, follow, freeze, sortNext, sortPrevious, sortInverted
  case filter, nextMatch, previousMatch, palette
  case mark, range, markAll, clearMarks
  case pauseOrResume, retry, skip, cancel, retryAllFailed, takeBack, stop, raiseCap
  case note, accept, sendBack, edit
  case actions, doctorFix
  case pager, yank, writeScreen, suspend, redraw
  case past, eventBack, eventForward, troubleBack, troubleForward, play
  case mouse, help, quit, interrupt
}

/// The groups of the key table.
package enum BindingGroup: String, Hashable, Sendable, CaseIterable {
  case move, view, find, select, act, past, out, other
}

/// One row of the key table.
package struct Binding: Sendable {
  package let keys: [Key]
  package let intent: Intent
  /// One word for the hint line.
  package let name: String
  /// One sentence for the help.
  package let about: String
  package let group: BindingGroup
  /// Where the key has this meaning; everywhere when empty.
  package let panels: Set<PanelID>
  /// Its place in the hint line; the lowest stay when room is short, `nil` is never there.
  package let hint: Int?
  /// Why the key cannot work now; `nil` when it can.
  package let reasonDisabled: @Sendable (DashboardModel) -> String?

  init(
    _ keys: [Key], _ intent: Intent, _ name: String, _ about: String, _ group: BindingGroup,
    in panels: Set<PanelID> = [], hint: Int? = nil,
    unless reasonDisabled: @escaping @Sendable (DashboardModel) -> String? = { _ in nil }
  ) {
    self.keys = keys
    self.intent = intent
    self.name = name
    self.about = about
    self.group = group
    self.panels = panels
    self.hint = hint
    self.reasonDisabled = { model in
      group == .act && model.past != nil ? model.pastReason : reasonDisabled(model)
    }
  }

  /// Whether it means something in the past only, where it goes before what the key means elsewhere.
  package var isOfPast: Bool { group == .past && intent != .past }

  /// The keys as the help shows them.
  package var keyNames: String { keys.map(\.name).joined(separator: " ") }

  /// Whether the key has this meaning while that panel has the focus.
  package func applies(in panel: PanelID) -> Bool { panels.isEmpty || panels.contains(panel) }
}

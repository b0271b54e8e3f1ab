// What a person can ask for beside pressing its key: the palette's commands and the menus' entries
// are different ways to the same errands.

package import BatchModel
package import Resilience

/// One thing that the palette or a menu does.
package enum Errand: Hashable, Sendable {
  /// What a key does, with that key's questions and reasons.
  case intent(Intent)
  case pause, resume
  /// Something that needs no further question.
  case deed(Deed)
  /// Retries what `R` would retry, from that step on.
  case retryFrom(step: Int)
  /// Asks how many attempts may run.
  case askForParallel
  /// Asks whether a code's findings are to be mended; `nil` is all that is safe.
  case fix(Finding.Code?)
  /// Shows what a finding's fix would change; by the finding's id.
  case preview(String)
  case examine
  case sort(ItemOrder)
  case filter(String)
  case columns([QueueColumn])
  case arrange(Arrangement)
  case theme(String)
  case themes
  case mouse(Bool)
  /// Shows the run as it was then.
  case goTo(Instant)
  case menu(Menu)
  /// Opens the editor on a part of an item's step.
  case edit(ItemID, step: Int, EditedPart)
  /// What happened since the person looked last.
  case away

  /// Whether it changes the run or its workspace.
  package var isActing: Bool {
    switch self {
    case .intent(let intent): intent.isActing
    case .pause, .resume, .deed, .retryFrom, .askForParallel, .fix, .edit: true
    case .menu(let menu): menu.entries.allSatisfy { $0.errand.isActing }
    case .preview, .examine, .sort, .filter, .columns, .arrange, .theme, .themes, .mouse, .goTo,
      .away:
      false
    }
  }
}

extension Intent {
  /// Whether it changes the run or its workspace.
  package var isActing: Bool {
    // A menu only lists what each of its entries would do.
    self != .actions && BindingTable.all.contains { $0.intent == self && $0.group == .act }
  }
}

extension DashboardCommand {
  /// Whether it changes the run or its workspace.
  package var isActing: Bool {
    switch self {
    case .submit, .withdraw, .startEngine, .fix, .undoFix: true
    case .fetchPage, .fetchPast, .fetchDetail, .fetchTab, .fetchSamples, .fetchAway, .markSeen,
      .followLog, .stopLog, .collectMarks, .fetchSpending, .examine,
      // What was edited is asked about, and then submitted.
      .edit, .fetchEditable, .fetchTyped, .noteTyped,
      .setWatching, .openPager, .writeScreen, .suspend, .redraw, .quit, .setTheme, .setMouse, .yank,
      .setTitle, .alert, .enterPast, .movePast, .leavePast:
      false
    }
  }
}

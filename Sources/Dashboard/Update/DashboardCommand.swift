// What a dashboard wants done: values, so that tests compare them.

package import BatchModel
package import Resilience

/// One thing to do outside the pure part.
///
/// Its results come back as messages.
package enum DashboardCommand: Hashable, Sendable {
  /// Answered with `page`; only the newest one matters.
  case fetchPage(ItemQuery)
  /// Answered with `detail`; only the newest one matters.
  case fetchDetail(ItemID)
  /// Sends `log` pieces, its first a new log, until another follows or `stopLog`.
  case followLog(ItemID)
  case stopLog
  /// Answered with `marked`: all that the filter shows, at most so many.
  case collectMarks(ItemQuery, limitMax: Int)
  /// Answered with `tab`: the text of a tab that is fetched.
  case fetchTab(ItemID, ItemTab)
  /// Answered with `samples`: items that stand failed with a signature.
  case fetchSamples(Signature, limit: Int)
  /// Answered with `past`: what was before the screen was opened.
  case fetchPast
  /// Answered with `spending`.
  case fetchSpending
  /// Answered with `examined`; takes seconds when it is thorough.
  case examine(thoroughly: Bool)
  /// Answered with `away`: what happened since then, or since the person was last seen.
  case fetchAway(since: Instant?)
  /// A key was pressed: the person sees the run as it is now.
  case markSeen
  /// From here on pages, details, logs and sums are answered from the past, as `replay`, and so is
  /// this; a long way there sends its progress.
  case enterPast(PastPlace, visit: Int)
  /// Answered with `replay`.
  case movePast(PastPlace)
  case leavePast

  /// Answered with `submitted`. With no engine the request is applied by the client itself.
  case submit(Request.Action, notBefore: Instant, token: Int)
  /// Answered with `withdrawn`.
  case withdraw(request: String)
  /// Starts an engine on this run; a paused run is resumed.
  case startEngine
  /// Mends a code's findings, or all that is safe; answered with `notice` and `examined`.
  case fix(Finding.Code?)
  case undoFix
  /// How often news is wanted.
  case setWatching(Watching)

  /// Opens the item's newest log in `$PAGER`.
  case openPager(ItemID)
  /// Answered with `editable`: what of an item's step there is to edit.
  case fetchEditable(ItemID, step: Int)
  /// Opens a part of an item's step in `$VISUAL` or `$EDITOR`; answered with `edited` or
  /// `editedParams` when it was changed.
  case edit(ItemID, step: Int, EditedPart)
  /// Answered with `typedBefore`: the palette's lines of other sessions.
  case fetchTyped
  /// Keeps a line of the palette for other sessions.
  case noteTyped(String)
  /// Writes what the screen shows to a text file; answered with `notice`.
  case writeScreen
  case suspend
  case redraw
  /// Shows another theme; one that cannot be had is answered with `notice`.
  case setTheme(String)
  /// Reports the mouse, or leaves it to the terminal; answered with `mouseReported`.
  case setMouse(Bool)
  /// Copies a text into the clipboard of whoever sits at the terminal; answered with `notice`, which
  /// says what was copied, or why it could not.
  case yank(String, what: String)
  /// Names the window.
  case setTitle(String)
  /// Rings the bell and, where the terminal can, says the text outside its window.
  case alert(String)
  case quit(Parting)
}

/// How a person left the dashboard; the run goes on in every case.
package enum Parting: Hashable, Sendable {
  case detached
  /// Ctrl-C, which means the same and has to say so.
  case interrupted
  /// SIGTERM, or the terminal is gone.
  case terminated
}

/// How closely a run is watched.
package enum Watching: Hashable, Sendable {
  /// The window is in front: up to ten snapshots a second.
  case closely
  /// Up to two a second.
  case casually
}

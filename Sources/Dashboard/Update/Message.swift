// Everything that can happen to a dashboard.

package import BatchModel
package import Canvas
package import Resilience

/// One piece of news, from the terminal or from the run.
package enum Message: Hashable, Sendable {
  case key(Key)
  case paste(String)
  case mouse(MouseEvent)
  case resize(Size)
  /// The terminal's window came to the front, or left it.
  case focus(Bool)
  /// The time; sent before every other message and at least once a second.
  case tick(Instant)

  case snapshot(RunSnapshot)
  /// The store could not be read, or a page, a detail or a log could not be had; what was asked for
  /// is asked again after the next snapshot.
  case connectionLost(String)
  case page(ItemPage, for: ItemQuery)
  /// `nil`: the item is gone.
  case detail(ItemDetail?, for: ItemID)
  case log(LogPiece)
  /// What `fetchTab` found.
  case tab(ItemID, ItemTab, TabText)
  /// What `fetchSamples` found, the oldest failure first.
  case samples([FailureSample], of: Signature)
  /// What `collectMarks` found.
  case marked([MarkedItem], for: ItemFilter, isComplete: Bool)
  /// The store's samples of the last minutes, oldest first.
  case past([RunSample])
  /// News of the past; those of another visit come too late.
  case replay(PastNews, visit: Int)
  /// What the run's money went to.
  case spending(SpendingFigures)
  case examined(ExaminationReport)
  /// What `fetchAway` found; `nil`: nobody has looked at the run before.
  case away(AwayReport?)
  /// What `fetchEditable` found.
  case editable(ItemID, step: Int, Editable)
  /// The text that `edit` left, when it was changed.
  case edited(ItemID, step: Int, prompt: String)
  case editedParams(ItemID, step: Int, text: String)
  /// The palette's lines of other sessions, oldest first; hostile, since they come from a file.
  case typedBefore([String])
  /// A request was written under that id, or could not be.
  case submitted(token: Int, Submission)
  /// Whether a request could still be taken back.
  case withdrawn(request: String, Bool)
  /// A word to the person: what was written where, what failed.
  case notice(String, isError: Bool)
  /// Whether the mouse is reported now, and whether that was asked for: the answer to `setMouse`.
  case mouseReported(Bool, asked: Bool)
  /// Ctrl-C by a signal, SIGTERM, a lost terminal.
  case terminate
}

/// An item that `*` marks.
package struct MarkedItem: Hashable, Sendable {
  package var id: ItemID
  package var key: String
  package init(id: ItemID, key: String) {
    self.id = id
    self.key = key
  }
}

/// What became of a request on its way.
package enum Submission: Hashable, Sendable {
  /// It waits under that id, and can be taken back.
  case accepted(request: String)
  /// No engine runs: it is done already.
  case applied
  case refused(String)
}

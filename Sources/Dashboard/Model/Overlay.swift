// What lies over the panels and takes the keys while it does.

package import BatchModel
package import Resilience

/// The one thing in front of the panels.
package enum Overlay: Hashable, Sendable {
  /// The keys, from the line at `top` on.
  case help(top: Int)
  case sheet(Sheet)
  case filter(LineEditor, problem: String?)
  case search(LineEditor)
}

/// A question before something happens to the run; its default is No.
package struct Sheet: Hashable, Sendable {
  /// One way to answer.
  package struct Choice: Hashable, Sendable {
    package var key: Unicode.Scalar
    package var label: String
    package var deed: Deed
  }
  package var question: String
  /// What it is about: sample keys, consequences.
  package var lines: [String]
  package var choices: [Choice]
  /// Above 1,000 items the count has to be typed, so that no key pressed twice does it.
  package var countToType: Int?
  package var typed: LineEditor
  package init(
    question: String, lines: [String], choices: [Choice], countToType: Int? = nil
  ) {
    self.question = question
    self.lines = lines
    self.choices = choices
    self.countToType = countToType
    typed = LineEditor()
  }
}

/// Something that is about to be asked of the run.
package struct Deed: Hashable, Sendable {
  package var action: Request.Action
  /// As the countdown shows it: `retry 31 items`.
  package var name: String
  package var grace: Duration
  package init(action: Request.Action, name: String, grace: Duration = Deed.grace) {
    self.action = action
    self.name = name
    self.grace = grace
  }
  /// So long a request can be taken back.
  package static let grace = Duration.seconds(5)
}

/// A request of ours that can still be taken back.
package struct PendingDeed: Hashable, Sendable {
  package var token: Int
  package var name: String
  package var notBefore: Instant
  /// Known once the request is written.
  package var request: String?
  /// `U` was pressed; the request is withdrawn as soon as its name is known.
  package var isTakenBack: Bool
}

/// A word to the person, for a few seconds.
package struct Toast: Hashable, Sendable {
  package var text: String
  package var isError: Bool
  package var until: Instant
}

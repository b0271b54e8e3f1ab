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
  case prompt(Prompt)
  /// What happened while nobody looked.
  case away(AwayReport)
  case palette(Palette)
  case menu(Menu)
  case themes(ThemePicker)
}

/// A line that a person types for something: a cap, a reason.
package struct Prompt: Hashable, Sendable {
  package enum Purpose: Hashable, Sendable {
    /// The run's cap in dollars; nothing typed is the definition's again.
    case cap
    /// Why those items are skipped.
    case skipReason(Targets)
    /// What is wrong with a candidate that is sent back.
    case sendBack(ItemID, key: String)
    /// A note on an item or a group; nothing typed takes it away.
    case note(NoteTarget)
    /// How many attempts run at a time.
    case parallel
  }
  package var purpose: Purpose
  /// Before the text.
  package var label: String
  /// What may be typed, after it.
  package var hint: String
  package var editor: LineEditor
  /// Why what was typed cannot be taken.
  package var problem: String?
  package init(_ purpose: Purpose, label: String, hint: String, text: String = "") {
    self.purpose = purpose
    self.label = label
    self.hint = hint
    editor = LineEditor(replacing: text)
  }
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

/// What a deed does once its grace has passed.
package enum Act: Hashable, Sendable {
  /// A request to the run: written at once, and left alone by the engine until then.
  case request(Request.Action)
  /// The doctor's fix of one code; `nil` mends all that is safe.
  case fix(Finding.Code?)
  /// Takes the doctor's last fix back.
  case undoFix
}

extension Act {
  /// It only queues what an engine does then.
  var isRetry: Bool {
    switch self {
    case .request(.items(.retry, _)), .request(.retryGroup): true
    default: false
    }
  }
}

/// Something that is about to happen to the run or to its workspace.
package struct Deed: Hashable, Sendable {
  package var act: Act
  /// As the countdown shows it: `retry 31 items`.
  package var name: String
  package var grace: Duration
  package init(_ act: Act, name: String, grace: Duration = Deed.grace) {
    self.act = act
    self.name = name
    self.grace = grace
  }
  /// So long a request can be taken back.
  package static let grace = Duration.seconds(5)
}

/// A deed of ours that can still be taken back.
package struct PendingDeed: Hashable, Sendable {
  package var token: Int
  package var act: Act
  package var name: String
  package var notBefore: Instant
  /// Known once the request is written.
  package var request: String?
  /// `U` was pressed; a request is withdrawn as soon as its name is known.
  package var isTakenBack: Bool
}

/// A word to the person, for a few seconds.
package struct Toast: Hashable, Sendable {
  package var text: String
  package var isError: Bool
  package var until: Instant
}

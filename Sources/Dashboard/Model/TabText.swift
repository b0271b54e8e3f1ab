// The text of an item's tabs that is fetched when somebody looks: a prompt, an answer, a difference.

package import BatchModel

/// A bounded text, line by line; hostile.
package struct TabText: Hashable, Sendable {
  package private(set) var lines: [String]
  /// Lines that were left out at the end.
  package private(set) var dropped: Int
  /// Why there are no lines, and what would give some.
  package var emptiness: String
  /// Work that waits for a person's word.
  package var review: HeldCandidate?

  package static let linesMax = 2000
  /// Longer lines are cut off.
  package static let lineScalarsMax = 2000

  package init(
    lines: [String], dropped: Int = 0, emptiness: String = "there is nothing",
    review: HeldCandidate? = nil
  ) {
    self.lines = lines.prefix(Self.linesMax).map { line in
      line.utf8.count > Self.lineScalarsMax
        ? String(String.UnicodeScalarView(line.unicodeScalars.prefix(Self.lineScalarsMax))) : line
    }
    self.dropped = dropped + max(0, lines.count - Self.linesMax)
    self.emptiness = emptiness
    self.review = review
  }

  /// The lines as they stand in so many columns: broken after a blank where there is one.
  func wrapped(columns: Int) -> [String] {
    lines.flatMap { LineBreaking.wrapped($0, columns: max(8, columns)) }
      + (dropped > 0 ? ["\(Wording.count(dropped)) more lines are not shown"] : [])
  }
}

/// A candidate that a check or a review refused, and that a person may accept all the same.
package struct HeldCandidate: Hashable, Sendable {
  /// What said no, in its own words.
  package var refusal: String
  /// The step that does the work again when it is sent back, an index.
  package var sendsBackTo: Int
  /// What stands at the target is not what the last receipt says: accepting overwrites it.
  package var isTargetChanged: Bool
  package init(refusal: String, sendsBackTo: Int, isTargetChanged: Bool = false) {
    self.refusal = refusal
    self.sendsBackTo = sendsBackTo
    self.isTargetChanged = isTargetChanged
  }
}

/// A fetched text and what it is of.
package struct ItemText: Hashable, Sendable {
  package let item: ItemID
  package let tab: ItemTab
  package let text: TabText
  /// The lines in `columns`; a difference's lines are never broken.
  package private(set) var lines: [String]
  private var columns: Int

  init(item: ItemID, tab: ItemTab, text: TabText, columns: Int) {
    self.item = item
    self.tab = tab
    self.text = text
    self.columns = columns
    lines = Self.lines(text, tab, columns)
  }

  /// Breaks the lines anew where the panel has another width.
  mutating func fit(columns: Int) {
    guard columns != self.columns else { return }
    self.columns = columns
    lines = Self.lines(text, tab, columns)
  }

  private static func lines(_ text: TabText, _ tab: ItemTab, _ columns: Int) -> [String] {
    tab == .diff ? text.wrapped(columns: TabText.lineScalarsMax) : text.wrapped(columns: columns)
  }
}

/// What of an item a text was asked for; another state of it has another text.
package struct TextRequest: Hashable, Sendable {
  var item: ItemID
  var tab: ItemTab
  var attempts: Int
  var outcome: AttemptOutcome?
  var state: ItemState
}

/// Breaks single lines; indentation and runs of blanks stay.
private enum LineBreaking {
  static func wrapped(_ line: String, columns: Int) -> [String] {
    guard line.utf8.count > columns else { return [line] }
    var lines: [String] = []
    var part = String.UnicodeScalarView()
    var lastBlank: String.UnicodeScalarView.Index?
    var count = 0
    for scalar in line.unicodeScalars {
      if count >= columns {
        let cut = lastBlank.map { part.index(after: $0) } ?? part.endIndex
        lines.append(String(part[..<cut]))
        part = String.UnicodeScalarView(part[cut...])
        count = part.count
        lastBlank = nil
      }
      part.append(scalar)
      // A character of two columns counts for two; those that are made visible may still be cut.
      count += scalar.value >= 0x1100 ? 2 : 1
      if scalar == " " { lastBlank = part.index(before: part.endIndex) }
    }
    return part.isEmpty ? lines : lines + [String(part)]
  }
}

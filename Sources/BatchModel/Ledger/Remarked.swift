// A person's note on an item or a group of failures, as the ledger keeps it.

/// What a note is on.
package enum NoteTarget: Hashable, Sendable, Codable {
  case group(Signature)
  case item(ItemID)
}

/// A note was left, changed or taken away.
package struct Remarked: Hashable, Sendable, Codable {
  /// What is kept of a note, in bytes of UTF-8.
  package static let bytesMax = 4096

  package var run: RunID
  package var target: NoteTarget
  /// Empty takes the note away.
  package var text: String
  /// The user who left it.
  package var by: String

  /// Clips the text at `bytesMax`.
  package init(run: RunID, target: NoteTarget, text: String, by: String) {
    self.run = run
    self.target = target
    self.text = text.prefix(bytes: Self.bytesMax)
    self.by = by
  }
}

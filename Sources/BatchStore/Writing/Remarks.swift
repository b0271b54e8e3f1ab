// Notes of people on items and on groups of failures.

import BatchModel

extension Transaction {
  /// Keeps the note, or takes it away.
  ///
  /// One on something that the store does not know is in the ledger and nowhere else: a person's
  /// mistake stops no engine.
  func applyRemarked(_ remark: Remarked, of run: RunRecord) throws(StoreError) {
    let note = remark.text.isEmpty ? nil : remark.text
    switch remark.target {
    case .group(let signature):
      try connection("UPDATE signatures SET note = ? WHERE text = ?").run(note, signature.text)
    case .item(let item):
      guard let note else {
        return try connection("DELETE FROM item_notes WHERE item = ?").run(item.number)
      }
      try connection(
        """
        INSERT INTO item_notes(item, note) SELECT id, ? FROM items WHERE id = ? AND run = ?
        ON CONFLICT(item) DO UPDATE SET note = excluded.note
        """
      ).run(note, item.number, run.number)
    }
  }
}

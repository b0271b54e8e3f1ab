// Which artifact the record says stands at a path.

package import BatchModel

extension SQLiteReading {
  package func artifact(at path: String) throws(StoreError) -> Artifact? {
    try read { connection throws(StoreError) in
      let sequences = try connection(
        """
        SELECT receipts.sequence FROM item_files
        CROSS JOIN attempts ON attempts.item = item_files.item AND attempts.outcome = 0
        CROSS JOIN receipts ON receipts.sequence = attempts.end_event
        WHERE item_files.path = ? ORDER BY receipts.sequence DESC
        """
      ).all(Fingerprint.of(path)) { row in row.int(0) }
      for sequence in sequences {
        let receipt = try connection.receipt(sequence)
        if let found = receipt.artifacts.first(where: { $0.path == path }) { return found }
      }
      return nil
    }
  }
}

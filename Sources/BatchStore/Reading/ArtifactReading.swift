// Which artifact the record says stands at a path.

package import BatchModel

extension SQLiteReading {
  package func artifact(at path: String) throws(StoreError) -> Artifact? {
    try read { connection throws(StoreError) in
      try connection.receipt(publishing: path)?.artifacts.first { $0.path == path }
    }
  }

  package func owner(of path: String, in run: RunID) throws(StoreError) -> Receipt? {
    try read { connection throws(StoreError) in
      guard let record = try connection.runRecord(run),
        let receipt = try connection.receipt(publishing: path)
      else { return nil }
      let isThere = try connection(
        """
        SELECT 1 FROM items
        WHERE run = ? AND key = ? AND occurrence = ? AND gone = 0 AND state <> 5
        """
      ).first(record.number, receipt.itemKey, receipt.occurrence) { row in row.flag(0) }
      return isThere == nil ? nil : receipt
    }
  }
}

extension Connection {
  /// The newest receipt with an artifact at the path.
  fileprivate func receipt(publishing path: String) throws(StoreError) -> Receipt? {
    for sequence in try receiptsOfMakers(of: path) {
      let receipt = try self.receipt(sequence)
      if receipt.artifacts.contains(where: { $0.path == path }) { return receipt }
    }
    return nil
  }

  /// The receipts of the items that published at the path, newest first.
  func receiptsOfMakers(of path: String) throws(StoreError) -> [Int64] {
    try requireLineage()
    return try self(
      """
      SELECT receipts.sequence FROM item_files INDEXED BY item_files_made
      CROSS JOIN attempts ON attempts.item = item_files.item AND attempts.outcome = 0
      CROSS JOIN receipts ON receipts.sequence = attempts.end_event
      WHERE item_files.path = ? AND item_files.role & 1 ORDER BY receipts.sequence DESC
      """
    ).all(Fingerprint.of(path)) { row in row.int(0) }
  }

  /// A reader may meet a store to which no newer engine has come yet.
  func requireLineage() throws(StoreError) {
    guard try number(of: "user_version") < 6 else { return }
    throw .olderSchema(path: path)
  }
}

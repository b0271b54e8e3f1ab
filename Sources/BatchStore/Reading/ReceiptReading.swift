// Receipts, put together from the events that made them, and the digests of files.

package import BatchModel
import Resilience

extension SQLiteReading {
  package func receipts(itemKey: String?, limit: Int) throws(StoreError) -> [Receipt] {
    try read { connection throws(StoreError) in
      guard let itemKey else {
        return try connection.receipts(
          connection("SELECT sequence FROM receipts ORDER BY sequence DESC LIMIT ?")
            .all(limit) { row in row.int(0) })
      }
      // Runs are few; in each the key's items are found by the index.
      return try connection.receipts(
        connection(
          """
          SELECT receipts.sequence FROM runs
          CROSS JOIN items ON items.run = runs.id AND items.key = ?
          CROSS JOIN attempts ON attempts.item = items.id AND attempts.outcome = 0
          CROSS JOIN receipts ON receipts.sequence = attempts.end_event
          ORDER BY receipts.sequence DESC LIMIT ?
          """
        ).all(itemKey, limit) { row in row.int(0) })
    }
  }

  package func forEachReceipt(_ body: (Receipt) throws -> Void) throws {
    var last: Int64 = 0
    while true {
      // A short transaction each: none is open while the caller works.
      let receipts = try read { connection throws(StoreError) in
        let sequences = try connection.liveReceipts(after: last, limit: 500)
        last = sequences.last ?? last
        return try connection.receipts(sequences)
      }
      guard !receipts.isEmpty else { return }
      for receipt in receipts { try body(receipt) }
    }
  }

  package func receipts(for keys: [IdempotencyKey]) throws(StoreError) -> [Receipt?] {
    try read { connection throws(StoreError) in
      try keys.map { key throws(StoreError) in try connection.receipt(for: key) }
    }
  }

  package func histories(
    of items: [ClaimedItem], steps: [String]
  ) throws(StoreError) -> [ItemHistory] {
    try read { connection throws(StoreError) in
      try items.map { item throws(StoreError) in
        var receipts = try steps.prefix(item.step + 1).map { step throws(StoreError) in
          try connection.latestReceipt(item.key, item.occurrence, step: step)
        }
        // What is held stands in for a receipt that comes with the review's.
        for held in item.held where held.step < item.step {
          receipts[held.step] = try connection.receipt(of: held, item, step: steps[held.step])
        }
        return ItemHistory(
          receipts: receipts,
          dependencies: try connection.artifacts(ofDependencies: item.id))
      }
    }
  }

  package func fileDigest(of path: String) throws(StoreError) -> FileDigest? {
    try read { connection throws(StoreError) in
      try connection(
        """
        SELECT path, size, modified, changed, inode, digest FROM file_digests WHERE path = ?
        """
      ).first(path) { row throws(StoreError) in try row.fileDigest() }
    }
  }

  package func forEachStampedFiles(_ body: ([StampedFile]) throws -> Void) throws {
    var last = ""
    while true {
      let files = try read { connection throws(StoreError) in
        try connection(
          """
          SELECT path, size, modified, changed, inode FROM file_digests
          WHERE path > ? ORDER BY path LIMIT 5000
          """
        ).all(last) { row in StampedFile(path: row.text(0), stamp: row.fileStamp()) }
      }
      guard let end = files.last else { return }
      last = end.path
      try body(files)
    }
  }

  package func forEachListings(_ body: ([FileListing]) throws -> Void) throws {
    var last = ""
    while true {
      let listings = try read { connection throws(StoreError) in
        try connection(
          "SELECT glob, digest, count FROM listings WHERE glob > ? ORDER BY glob LIMIT 5000"
        ).all(last) { row throws(StoreError) in
          FileListing(glob: row.text(0), digest: try row.digest(1), count: row.count(2))
        }
      }
      guard let end = listings.last else { return }
      last = end.glob
      try body(listings)
    }
  }
}

extension Connection {
  fileprivate func receipts(_ sequences: [Int64]) throws(StoreError) -> [Receipt] {
    try sequences.map { sequence throws(StoreError) in try receipt(sequence) }
  }

  /// Receipts that no newer one of the same item and step has replaced, oldest first.
  fileprivate func liveReceipts(
    after sequence: Int64, limit: Int
  ) throws(StoreError) -> [Int64] {
    try self(
      """
      SELECT receipts.sequence FROM receipts JOIN items ON items.id = receipts.item
      WHERE receipts.sequence > ? AND NOT EXISTS (
        SELECT 1 FROM receipts AS newer JOIN items AS same ON same.id = newer.item
        WHERE newer.identity = receipts.identity AND newer.sequence > receipts.sequence
          AND newer.step = receipts.step AND same.key = items.key
          AND same.occurrence = items.occurrence)
      ORDER BY receipts.sequence LIMIT ?
      """
    ).all(sequence, limit) { row in row.int(0) }
  }

  fileprivate func receipt(for key: IdempotencyKey) throws(StoreError) -> Receipt? {
    let sequences = try self(
      "SELECT sequence FROM receipts WHERE key = ? ORDER BY sequence DESC"
    ).all(Fingerprint.of(key)) { row in row.int(0) }
    for sequence in sequences {
      let receipt = try receipt(sequence)
      if receipt.key.key == key { return receipt }
    }
    return nil
  }

  fileprivate func artifacts(ofDependencies item: ItemID) throws(StoreError) -> [Artifact] {
    let needed = try self(
      """
      SELECT items.key, items.occurrence, runs.steps
      FROM edges JOIN items ON items.id = edges.needs JOIN runs ON runs.id = items.run
      WHERE edges.item = ? ORDER BY items.ordinal, items.id
      """
    ).all(item.number) { row throws(StoreError) in
      (row.text(0), row.count(1), try row.json([String].self, 2))
    }
    var artifacts: [Artifact] = []
    for (key, occurrence, steps) in needed {
      for step in steps {
        artifacts += try latestReceipt(key, occurrence, step: step)?.artifacts ?? []
      }
    }
    return artifacts
  }

  /// The newest result of each step that waits for a review, by step.
  func heldResults(of item: ItemID, before step: Int) throws(StoreError) -> [HeldResult] {
    let rows = try self(
      """
      SELECT attempts.id, attempts.step, results.candidate, results.size, results.warnings,
        results.acceptance
      FROM attempts JOIN results ON results.attempt = attempts.id
      WHERE attempts.item = ? AND attempts.step < ? AND results.verdict = 3 ORDER BY attempts.id
      """
    ).all(item.number, step) { row throws(StoreError) in
      HeldResult(
        attempt: AttemptID(row.int(0)), step: row.count(1),
        candidate: try row.sealedObject(2, 3),
        warnings: row.isNull(4) ? [] : try row.json([String].self, 4),
        acceptance: row.isNull(5) ? nil : try row.json(Acceptance.self, 5))
    }
    return Dictionary(rows.map { ($0.step, $0) }) { $1 }.values.sorted { $0.step < $1.step }
  }

  /// A held result in the form of the receipt that it will have.
  fileprivate func receipt(
    of held: HeldResult, _ item: ClaimedItem, step: String
  ) throws(StoreError) -> Receipt? {
    let found = try self(
      """
      SELECT runs.name, attempts.start_event, results.commit_id
      FROM attempts JOIN runs ON runs.id = attempts.run
      LEFT JOIN results ON results.attempt = attempts.id
      WHERE attempts.id = ?
      """
    ).first(held.attempt.number) { row in (RunID(row.text(0)), row.int(1), row.optionalText(2)) }
    guard let (run, start, commit) = found else { return nil }
    return Receipt(
      run: run, itemKey: item.key, occurrence: item.occurrence, step: step,
      attempt: held.attempt, key: try startedKey(start), artifacts: [],
      candidate: held.candidate, warnings: held.warnings, commit: commit)
  }

  func latestReceipt(
    _ key: String, _ occurrence: Int, step: String
  ) throws(StoreError) -> Receipt? {
    let sequence = try self(
      """
      SELECT receipts.sequence FROM receipts JOIN items ON items.id = receipts.item
      WHERE receipts.identity = ? AND receipts.step = ? AND items.key = ? AND items.occurrence = ?
      ORDER BY receipts.sequence DESC LIMIT 1
      """
    ).first(Fingerprint.identity(key: key, occurrence: occurrence), step, key, occurrence) { row in
      row.int(0)
    }
    guard let sequence else { return nil }
    return try receipt(sequence)
  }

  /// The receipt that the event with this sequence made.
  func receipt(_ sequence: Int64) throws(StoreError) -> Receipt {
    guard case .stepDone(let done) = try change(sequence) else {
      throw .corrupt(path: path, reason: "event \(sequence) makes no receipt")
    }
    let found = try self(
      """
      SELECT runs.name, items.key, items.occurrence, receipts.step, attempts.start_event,
        results.candidate, results.size, attempts.model, attempts.provider, attempts.cost,
        results.commit_id
      FROM receipts JOIN runs ON runs.id = receipts.run JOIN items ON items.id = receipts.item
      JOIN attempts ON attempts.id = receipts.attempt
      LEFT JOIN results ON results.attempt = receipts.attempt
      WHERE receipts.sequence = ?
      """
    ).first(sequence) { row throws(StoreError) in
      Receipt(
        run: RunID(row.text(0)), itemKey: row.text(1), occurrence: row.count(2),
        step: row.text(3), attempt: done.attempt, key: try startedKey(row.int(4)),
        artifacts: done.artifacts, candidate: try row.sealedObject(5, 6), warnings: done.warnings,
        model: row.optionalText(7), provider: row.optionalText(8),
        cost: row.optionalInt(9).map { Money(picodollars: $0) }, commit: row.optionalText(10),
        acceptance: done.acceptance)
    }
    guard let found else {
      throw .corrupt(path: path, reason: "receipt \(sequence) has lost its item or attempt")
    }
    return found
  }

  private func startedKey(_ sequence: Int64) throws(StoreError) -> StepKey {
    guard case .attemptStarted(let started) = try change(sequence) else {
      throw .corrupt(path: path, reason: "event \(sequence) starts no attempt")
    }
    return started.key
  }
}

extension Row {
  fileprivate func fileDigest() throws(StoreError) -> FileDigest {
    FileDigest(path: text(0), stamp: fileStamp(), digest: try digest(5))
  }

  fileprivate func digest(_ column: Int32) throws(StoreError) -> Digest {
    guard let digest = Digest(text(column)) else { throw damaged("\(text(column)) is no digest") }
    return digest
  }

  /// From the columns 1 to 4.
  fileprivate func fileStamp() -> FileStamp {
    FileStamp(
      sizeBytes: int(1), modifiedNanoseconds: int(2), changedNanoseconds: int(3),
      inode: UInt64(bitPattern: int(4)))
  }
}

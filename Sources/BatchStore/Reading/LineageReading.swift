// How files came to be, and what was made from them: receipts by path, by content and by item, and
// what hooks told. Nothing is kept twice: receipts are put together from their events.

package import BatchModel
import Resilience

extension SQLiteReading {
  package func makings(of path: String, limit: Int) throws(StoreError) -> [Making] {
    try read { connection throws(StoreError) in
      try connection.makings(
        try connection.receiptsOfMakers(of: path), limit: limit
      ) { $0.artifacts.contains { $0.path == path } }
    }
  }

  package func makings(of digest: Digest, limit: Int) throws(StoreError) -> [Making] {
    try read { connection throws(StoreError) in
      try connection.requireLineage()
      let sequences = try connection(
        """
        SELECT receipts.sequence FROM results INDEXED BY results_candidate
        CROSS JOIN attempts ON attempts.id = results.attempt AND attempts.outcome = 0
        CROSS JOIN receipts ON receipts.sequence = attempts.end_event
        WHERE results.candidate IS NOT NULL AND substr(results.candidate, 1, 16) = ?
          AND results.candidate = ?
        ORDER BY receipts.sequence DESC LIMIT ?
        """
      ).all(String(digest.hex.prefix(16)), digest, limit) { row in row.int(0) }
      return try connection.makings(sequences, limit: limit) { _ in true }
    }
  }

  package func makings(
    ofItem key: String, occurrence: Int, limit: Int
  ) throws(StoreError) -> [Making] {
    try read { connection throws(StoreError) in
      try connection.requireLineage()
      let sequences = try connection(
        """
        SELECT receipts.sequence FROM receipts JOIN items ON items.id = receipts.item
        WHERE receipts.identity = ? AND items.key = ? AND items.occurrence = ?
        ORDER BY receipts.sequence DESC LIMIT ?
        """
      ).all(Fingerprint.identity(key: key, occurrence: occurrence), key, occurrence, limit) { row in
        row.int(0)
      }
      return try connection.makings(sequences, limit: limit) { _ in true }
    }
  }

  package func making(by attempt: AttemptID) throws(StoreError) -> Making? {
    try read { connection throws(StoreError) in
      try connection.requireLineage()
      let sequences = try connection(
        """
        SELECT receipts.sequence FROM attempts
        CROSS JOIN receipts ON receipts.sequence = attempts.end_event
        WHERE attempts.id = ? AND attempts.outcome = 0
        """
      ).all(attempt.number) { row in row.int(0) }
      return try connection.makings(sequences, limit: 1) { _ in true }.first
    }
  }

  package func uses(of path: String, limit: Int) throws(StoreError) -> [Making] {
    try read { connection throws(StoreError) in
      try connection.uses(ofMark: path, limit: limit) { receipt in
        receipt.key.components.contains { $0.source.path == path }
      }
    }
  }

  package func uses(ofGlob glob: String, limit: Int) throws(StoreError) -> [Making] {
    try read { connection throws(StoreError) in
      try connection.uses(ofMark: Transaction.mark(ofGlob: glob), limit: limit) { receipt in
        receipt.key.reads.contains(glob)
      }
    }
  }

  package func tellings(of path: String, limit: Int) throws(StoreError) -> [Telling] {
    try read { connection throws(StoreError) in
      try connection.requireLineage()
      let sequences = try connection(
        "SELECT sequence FROM tracked WHERE path = ? ORDER BY sequence DESC LIMIT ?"
      ).all(path, limit) { row in row.int(0) }
      return try connection.tellings(sequences)
    }
  }

  package func tellings(from path: String, limit: Int) throws(StoreError) -> [Telling] {
    try read { connection throws(StoreError) in
      try connection.requireLineage()
      let sequences = try connection(
        "SELECT sequence FROM tracked_sources WHERE path = ? ORDER BY sequence DESC LIMIT ?"
      ).all(path, limit) { row in row.int(0) }
      return try connection.tellings(sequences)
    }
  }
}

extension Connection {
  fileprivate func uses(
    ofMark mark: String, limit: Int, where isMeant: (Receipt) -> Bool
  ) throws(StoreError) -> [Making] {
    try requireLineage()
    var makings: [Making] = []
    var last = Int64.max
    while makings.count < limit {
      let items = try self(
        """
        SELECT item FROM item_files WHERE path = ? AND role & 6 AND item < ?
        ORDER BY item DESC LIMIT 100
        """
      ).all(Fingerprint.of(mark), last) { row in row.int(0) }
      guard let end = items.last else { break }
      last = end
      for item in items where makings.count < limit {
        makings += try self.makings(
          receipts(ofRow: item), limit: limit - makings.count, where: isMeant)
      }
    }
    return makings
  }

  /// The receipts with these sequences that `isMeant`, in their order.
  fileprivate func makings(
    _ sequences: [Int64], limit: Int, where isMeant: (Receipt) -> Bool
  ) throws(StoreError) -> [Making] {
    var makings: [Making] = []
    for sequence in sequences where makings.count < limit {
      let receipt = try self.receipt(sequence)
      guard isMeant(receipt) else { continue }
      makings.append(try making(sequence, receipt))
    }
    return makings
  }

  private func making(_ sequence: Int64, _ receipt: Receipt) throws(StoreError) -> Making {
    let found = try self(
      """
      SELECT events.at, attempts.try, attempts.start_event
      FROM events JOIN attempts ON attempts.id = ? WHERE events.sequence = ?
      """
    ).first(receipt.attempt.number, sequence) { row in (row.int(0), row.count(1), row.int(2)) }
    guard let (at, number, start) = found, case .attemptStarted(let started) = try change(start)
    else { throw .corrupt(path: path, reason: "receipt \(sequence) has lost its attempt") }
    return Making(
      sequence: sequence, at: Instant(milliseconds: at), tryNumber: number, why: started.why,
      receipt: receipt)
  }

  /// The receipts of one item in its own run, newest first.
  fileprivate func receipts(ofRow item: Int64) throws(StoreError) -> [Int64] {
    try self(
      """
      SELECT receipts.sequence FROM attempts
      CROSS JOIN receipts ON receipts.sequence = attempts.end_event
      WHERE attempts.item = ? AND attempts.outcome = 0 ORDER BY receipts.sequence DESC
      """
    ).all(item) { row in row.int(0) }
  }

  fileprivate func tellings(_ sequences: [Int64]) throws(StoreError) -> [Telling] {
    var tellings: [Telling] = []
    for sequence in sequences {
      let found = try self(
        """
        SELECT events.at, runs.name FROM events JOIN runs ON runs.id = events.run
        WHERE events.sequence = ?
        """
      ).first(sequence) { row in (Instant(milliseconds: row.int(0)), RunID(row.text(1))) }
      guard let (at, run) = found, case .artifactTracked(let artifact) = try change(sequence) else {
        throw .corrupt(path: path, reason: "event \(sequence) tells of no file")
      }
      tellings.append(Telling(sequence: sequence, at: at, run: run, artifact: artifact))
    }
    return tellings
  }
}

// Which failed items left work that only waits for a person's word.

package import BatchModel
import Resilience

extension SQLiteReading {
  package func reviews(
    of run: RunID, after item: ItemID?, limit: Int
  ) throws(StoreError) -> [PendingReview] {
    try read { connection throws(StoreError) in
      guard let record = try connection.runRecord(run), record.state != .superseded else {
        return []
      }
      return try connection.pendingReviews(of: record, after: item?.number, limit: limit)
    }
  }

  package func review(of item: ItemID) throws(StoreError) -> PendingReview? {
    try read { connection throws(StoreError) in try connection.pendingReview(of: item.number) }
  }
}

extension Connection {
  /// In source order; the index of the failed items is walked, and each is looked at by its newest
  /// attempt, until the page is full.
  fileprivate func pendingReviews(
    of run: RunRecord, after item: Int64?, limit: Int
  ) throws(StoreError) -> [PendingReview] {
    var last = (ordinal: Int64.min, id: Int64.min)
    if let item {
      let found = try self("SELECT ordinal FROM items WHERE id = ? AND run = ?")
        .first(item, run.number) { row in row.int(0) }
      guard let found else { return [] }
      last = (found, item)
    }
    var reviews: [PendingReview] = []
    while reviews.count < limit {
      let rows = try self(
        """
        SELECT items.id, items.ordinal FROM items INDEXED BY items_state
        JOIN attempts ON attempts.id = items.attempt
        LEFT JOIN results ON results.attempt = items.attempt
        WHERE items.run = ? AND items.state = 0 AND items.state <> 3
          AND (items.ordinal, items.id) > (?, ?)
          AND (results.verdict = 2 OR attempts.step > items.step)
        ORDER BY items.ordinal, items.id LIMIT ?
        """
      ).all(run.number, last.ordinal, last.id, max(64, limit)) { row in (row.int(0), row.int(1)) }
      for (id, ordinal) in rows where reviews.count < limit {
        last = (ordinal, id)
        if let review = try pendingReview(of: id) { reviews.append(review) }
      }
      if rows.isEmpty { break }
    }
    return reviews
  }

  /// What waits for a person's word on one item.
  ///
  /// Its newest attempt decides: a candidate whose checks said no, one that could not be published,
  /// or a review after whose last round earlier results are still held.
  func pendingReview(of item: Int64) throws(StoreError) -> PendingReview? {
    guard let ending = try ending(of: item) else { return nil }
    guard let failure = try failure(of: ending.event) else { return nil }
    let row = try itemRow(of: item)
    guard let row, row.state == .failed else { return nil }
    let held = try heldResults(of: ItemID(item), before: ending.step)
    var candidates: [PendingReview.Candidate] = []
    switch (ending.verdict, failure.kind) {
    case (.rejected?, .check): break
    case (.rejected?, _), (nil, .loop), (nil, .rounds):
      for result in held {
        guard let object = result.candidate else { continue }
        candidates.append(.init(step: result.step, attempt: result.attempt, object: object))
      }
    default: return nil
    }
    let sendsBackTo = failure.kind == .check ? nil : held.first?.step
    if let object = ending.candidate {
      candidates.append(.init(step: ending.step, attempt: ending.attempt, object: object))
    }
    guard !candidates.isEmpty else { return nil }
    return PendingReview(
      row: row, attempt: ending.attempt, step: ending.step,
      sendsBackTo: sendsBackTo ?? ending.step, failure: failure,
      feedback: ending.review?.feedback, at: ending.at, candidates: candidates)
  }

  /// The end of an item's newest attempt.
  private struct Ending {
    var attempt: AttemptID
    var step: Int
    var event: Int64
    var at: Instant
    var verdict: Verdict?
    var candidate: SealedObject?
    var review: ReviewState?
  }

  /// `nil` unless the item has failed, and may be moved by a person in a run that may go on.
  private func ending(of item: Int64) throws(StoreError) -> Ending? {
    try self(
      """
      SELECT attempts.id, attempts.step, attempts.end_event, attempts.ended, results.verdict,
        results.candidate, results.size, items.review
      FROM items JOIN runs ON runs.id = items.run JOIN attempts ON attempts.id = items.attempt
      LEFT JOIN results ON results.attempt = attempts.id
      WHERE items.id = ? AND items.state = 0 AND items.blocked = 0 AND items.gone = 0
        AND attempts.end_event IS NOT NULL AND runs.state <> ?
      """
    ).first(item, RunState.superseded.code) { row throws(StoreError) in
      Ending(
        attempt: AttemptID(row.int(0)), step: row.count(1), event: row.int(2),
        at: Instant(milliseconds: row.int(3)), verdict: try row.optionalCoded(Verdict.self, 4),
        candidate: try row.sealedObject(5, 6),
        review: row.isNull(7) ? nil : try row.json(ReviewState.self, 7))
    }
  }
}

// A person's word on a candidate that a check or a review refused: accepted, or sent back.

import BatchModel
import Resilience

extension Transaction {
  /// The result passes as it is: the next claim of the item goes on at its publication.
  ///
  /// A review that used up its rounds left no result of its own; the acceptance is its result.
  func accept(
    _ item: inout ItemRecord, reason: String, overwrite: Bool, by author: String, at: Int64,
    of run: RunRecord
  ) throws(StoreError) {
    let review = try requireReview(of: item)
    let acceptance = Acceptance(
      by: author, at: Instant(milliseconds: at), reason: reason, overruled: review.failure.message)
    try connection(
      """
      INSERT INTO results(attempt, verdict, acceptance) VALUES(?, ?, ?)
      ON CONFLICT(attempt) DO UPDATE SET
        verdict = excluded.verdict, acceptance = excluded.acceptance, publish_event = NULL
      """
    ).run(review.attempt.number, Verdict.pending.code, EventCoding.text(of: acceptance))
    item.pending = review.attempt.number
    try place(
      &item, Placement(.queued, step: review.step, tries: 0), hold: .given, at: at, of: run)
    guard overwrite else { return }
    try connection("UPDATE items SET overrides = ? WHERE id = ?")
      .run(EventCoding.text(of: Overrides(overwrite: true)), item.id)
  }

  /// The step that made the candidate does it again, and is told what is wrong.
  func sendBack(
    _ item: inout ItemRecord, feedback: String, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    let review = try requireReview(of: item)
    try rejectHeld(of: item.id, from: review.sendsBackTo)
    item.pending = nil
    let earlier = try item.review.map { text throws(StoreError) in
      try connection.decode(ReviewState.self, text)
    }
    let state = ReviewState(sentBackWith: feedback, after: earlier)
    try place(
      &item,
      Placement(
        .queued, step: review.sendsBackTo, tries: 0, review: EventCoding.text(of: state)),
      hold: .given, at: at, of: run)
  }

  /// Results of these steps are judged no more: their work is done again.
  func rejectHeld(of item: Int64, from step: Int) throws(StoreError) {
    try connection(
      """
      UPDATE results SET verdict = ?
      WHERE verdict = ? AND attempt IN (SELECT id FROM attempts WHERE item = ? AND step >= ?)
      """
    ).run(Verdict.rejected.code, Verdict.held.code, item, step)
  }

  private func requireReview(of item: ItemRecord) throws(StoreError) -> PendingReview {
    guard let review = try connection.pendingReview(of: item.id) else {
      throw .conflict(reason: "nothing of item \(item.id) waits for a review")
    }
    return review
  }
}

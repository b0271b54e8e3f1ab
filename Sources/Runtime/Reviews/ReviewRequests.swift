// A person's word on a candidate, looked over before it becomes a request.

package import BatchModel
import BatchStore
import Foundation

/// Why a candidate cannot be accepted or sent back.
package enum ReviewError: Error, Hashable, CustomStringConvertible {
  /// Nothing of the item waits for a person.
  case nothingWaits(ItemRow)
  /// The candidate's object is gone.
  case lost(ItemRow, Digest)
  /// What stands at the target is a person's own version.
  case changedByHand(ItemRow, path: String)
  /// The target cannot be published to.
  case noTarget(key: String, reason: String)
  case noWords
  case tooManyWords(bytes: Int)

  package var description: String {
    switch self {
    case .nothingWaits(let row): Self.nothingWaits(row)
    case .lost(let row, let digest):
      "\(row.key): its candidate \(digest) is no longer among the objects; "
        + "footplate retry \(row.shellWord) makes a new one"
    case .changedByHand(let row, let path):
      "\(path) was changed by hand since its receipt: footplate review \(row.shellWord) shows the difference, "
        + "--accept --force puts the candidate in its place and keeps the old form as an object"
    case .noTarget(let key, let reason):
      "\(key): its target cannot be published to: \(reason)"
    case .noWords:
      "--send-back needs words: the step that does the work again is told them as {{feedback}}"
    case .tooManyWords(let bytes):
      "\(bytes) bytes are too many words; a step is told at most "
        + "\(ReviewState.feedbackBytesMax) bytes"
    }
  }

  private static func nothingWaits(_ row: ItemRow) -> String {
    let (key, state, word) = (row.key, row.state.rawValue, row.shellWord)
    switch row.state {
    case .failed:
      return "\(key) failed (\(row.note)) and left no candidate that waits for a review: "
        + "footplate why \(word) says more, footplate retry \(word) tries again"
    case .queued, .waiting, .running:
      return "\(key) is \(state): its next try comes by itself, nothing waits for a review yet"
    case .done, .skipped, .cancelled:
      return "\(key) is \(state): nothing of it waits for a review; "
        + "footplate show \(word) shows what it left"
    }
  }
}

extension RunClient {
  /// What of an item waits for a person's word.
  ///
  /// - Throws: `ClientError`, `ReviewError.nothingWaits`, `StoreError`.
  package func review(of reference: String, in run: RunID) throws -> PendingReview {
    let row = try row(of: reference, in: run)
    guard let review = try store.review(of: row.id) else {
      throw ReviewError.nothingWaits(row)
    }
    return review
  }

  /// Calls `body` with every candidate that waits for a person's word, in source order.
  package func forEachReview(of run: RunID, _ body: (PendingReview) throws -> Void) throws {
    var last: ItemID?
    while true {
      let page = try store.reviews(of: run, after: last, limit: 100)
      for review in page { try body(review) }
      guard page.count == 100 else { return }
      last = page.last?.row.id
    }
  }

  /// Whether anything waits for a person's word.
  package func hasReviews(in summary: RunSummary) throws -> Bool {
    guard summary.counts.failed > 0 else { return false }
    return try !store.reviews(of: summary.run, after: nil, limit: 1).isEmpty
  }

  /// Lets a candidate pass.
  ///
  /// - Parameter overwrite: also over a target that was changed by hand.
  /// - Throws: `ReviewError` when it could not be published as things stand.
  package func accept(
    _ review: PendingReview, reason: String, overwrite: Bool, in run: RunID, by user: String
  ) throws -> RequestAnswer {
    try requireFewWords(reason)
    let desk = try ReviewDesk(layout: layout, store: store, run: run)
    for candidate in try desk.candidates(of: review) {
      guard desk.hasBytes(of: candidate) else {
        throw ReviewError.lost(review.row, candidate.candidate.object.digest)
      }
      if let problem = candidate.problem {
        throw ReviewError.noTarget(key: review.row.key, reason: problem)
      }
      if let path = candidate.path, candidate.isChangedByHand, !overwrite {
        throw ReviewError.changedByHand(review.row, path: path)
      }
    }
    let action = ItemAction.accept(reason: masked(reason), overwrite: overwrite)
    return try submit(.items(action, .ids([review.row.id])), of: run, by: user)
  }

  /// Has the work done again.
  ///
  /// - Throws: `ReviewError` for words that no step can be told.
  package func sendBack(
    _ review: PendingReview, feedback: String, in run: RunID, by user: String
  ) throws -> RequestAnswer {
    guard feedback.contains(where: { !$0.isWhitespace }) else { throw ReviewError.noWords }
    try requireFewWords(feedback)
    let action = ItemAction.sendBack(feedback: masked(feedback))
    return try submit(.items(action, .ids([review.row.id])), of: run, by: user)
  }

  private func requireFewWords(_ words: String) throws {
    let bytes = words.utf8.count
    guard bytes <= ReviewState.feedbackBytesMax else {
      throw ReviewError.tooManyWords(bytes: bytes)
    }
  }

  /// What a person types goes into the ledger, where no secret may stand.
  private func masked(_ words: String) -> String {
    SecretMask(of: ProcessInfo.processInfo.environment).masked(words)
  }
}

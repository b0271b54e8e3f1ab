// An answer while it grows: what every API's reader fills in.

import BatchModel

/// A part of an answer, and what is known about its end.
struct AnswerDraft: Hashable, Sendable {
  /// A longer text is no answer: the largest models write half a million bytes (128,000 tokens).
  static let textBytesMax = 16 << 20

  private(set) var text = ""
  var refusal = ""
  var model: String?
  var id: String?
  var stopReason: String?
  var usage = UsageReading.missing
  /// The members of the usage object so far, where it comes in parts.
  var usageMembers: [String: JSONValue] = [:]
  var error: ProviderError?
  /// The provider said that the answer is over.
  var isFinished = false
  var isRefused = false
  var isTruncated = false
  var breakage: String?
  /// Output tokens as the stream tells them, or as many as its pieces: for gauges, not for bills.
  private(set) var liveOutputTokens: Int64 = 0
  private var pieceCount: Int64 = 0
  /// Some of the answer has arrived: another attempt pays for it again.
  var hasBegun = false

  mutating func append(_ piece: String) {
    guard text.utf8.count + piece.utf8.count <= Self.textBytesMax else {
      breakage = "an answer of more than \(Self.textBytesMax >> 20) MiB"
      return
    }
    text += piece
  }

  mutating func countPiece() {
    pieceCount += 1
    liveOutputTokens = max(liveOutputTokens, pieceCount)
  }

  /// Takes a provider's own count, which knows better than the number of pieces.
  mutating func count(_ reading: UsageReading) {
    if let tokens = reading.usage?.outputTokens { liveOutputTokens = max(liveOutputTokens, tokens) }
  }

  var answer: ModelAnswer {
    ModelAnswer(
      text: isRefused && text.isEmpty ? refusal : text, model: model, id: id,
      stopReason: stopReason, usage: usage)
  }

  /// The end of the answer, now that nothing more comes.
  var end: AnswerEnd {
    if let error { return .failed(error, partial: answer) }
    if let breakage { return .broken(breakage, partial: answer) }
    guard isFinished else { return .broken("the answer ended early", partial: answer) }
    if isRefused { return .refused(answer) }
    return isTruncated ? .truncated(answer) : .complete(answer)
  }
}

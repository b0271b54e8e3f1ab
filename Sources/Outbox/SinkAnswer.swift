// What a sink's answer to a batch means: the one place where statuses and faults are judged.

/// What became of one delivery.
package enum SinkAnswer: Hashable, Sendable {
  /// The sink took the whole batch.
  case accepted
  /// The batch has too many bytes for it.
  case tooLarge(status: Int)
  /// It read the batch and refused something in it.
  case refused(status: Int, reason: String)
  /// It takes nothing from us as we are set up: a wrong address, a wrong key, a redirect.
  case unwilling(String)
  /// It asks for time.
  case busy(String, retryAfter: Duration?)
  /// It failed, cannot be reached, or does not speak HTTP.
  case failed(String, retryAfter: Duration?)
  /// Nobody waited for the answer.
  case cancelled

  /// Judges a status.
  ///
  /// A redirect is not followed: the events, and the key with them, are for the address that the
  /// definition names. The statuses that speak of us rather than of the events hold the whole
  /// delivery, or one wrong key would mark every event as refused.
  package init(status: Int, retryAfter: Duration?, reason: String) {
    let said =
      reason.isEmpty ? "the sink answers \(status)" : "the sink answers \(status): \(reason)"
    switch status {
    case 200..<300: self = .accepted
    case 413: self = .tooLarge(status: status)
    case 408, 425, 429: self = .busy(said, retryAfter: retryAfter)
    case 300..<400: self = .unwilling("\(said); redirects are not followed: write the new address")
    case 401, 403, 407, 511: self = .unwilling("\(said): the sink's key is missing or wrong")
    case 402, 404, 405, 406, 410, 411, 415, 421, 426, 431, 451:
      self = .unwilling("\(said): its address takes no batches of CloudEvents")
    case 400..<500: self = .refused(status: status, reason: reason)
    default: self = .failed(said, retryAfter: retryAfter)
    }
  }
}

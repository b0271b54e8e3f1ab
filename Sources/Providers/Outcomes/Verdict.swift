// What follows from how a call ended: the closed table by which the engine acts.

package import Resilience

/// What is to be done about a call, whatever the provider.
package enum Verdict: Hashable, Sendable {
  case answered
  /// The answer was cut off by `max_tokens`: never a blind retry.
  case truncated
  /// The model or a filter declined: never a blind retry.
  case refused
  /// A 200 without a word in it ("hollow success"): a failure that was paid for.
  case hollow
  /// Try again, not before the time that the server named.
  case retry(countsForBreaker: Bool, notBefore: Instant?)
  /// A time-out: the next model of a chain, without one a retry; counts for the breaker.
  case fallBack
  /// A rate limit: wait as told, free of charge for the retry budget and the breaker.
  case rateLimited(until: Instant?)
  /// Nothing more goes to this provider for now: fall back to another, or save and leave.
  case quota(Quota, resetsAt: Instant?)
  /// Retrying cannot help this item.
  case stop(StopReason)
  /// The answer broke off after it had begun: charged, and never replayed by itself.
  case broken
  /// The request was sent and the reply lost: queued again with the same idempotency key and a new
  /// reservation.
  case unknownOutcome

  /// What is exhausted.
  package enum Quota: String, Hashable, Sendable, CaseIterable {
    /// Prepaid credit, or a bill that is not paid.
    case credit
    /// A spend limit that the customer or the provider set.
    case spendLimit = "spend-limit"
    /// A quota of use over a longer time: a day's requests, a subscription's hours.
    case usage
  }

  /// Why an item stops.
  package enum StopReason: String, Hashable, Sendable, CaseIterable {
    case keyRefused = "key-refused"
    case forbidden
    case notFound = "not-found"
    case tooLarge = "too-large"
    case badRequest = "bad-request"
    case redirected
    case certificate
    /// An idempotency key was used before, with another request.
    case idempotencyConflict = "idempotency-conflict"
    /// The server says by `x-should-retry` that another try is pointless.
    case toldNotToRetry = "told-not-to-retry"
  }

  /// How a breaker counts the call; neutral is `nil`.
  package var breakerSuccess: Bool? {
    switch self {
    case .answered, .truncated, .refused, .hollow: true
    case .retry(let counts, _): counts ? false : nil
    case .fallBack, .broken, .unknownOutcome: false
    case .rateLimited, .quota, .stop: nil
    }
  }
}

/// What a call is charged when its reservation is settled.
package enum Charge: Hashable, Sendable {
  /// Never sent, or refused before any work.
  case nothing
  case usage(Usage)
  /// Unknown: the whole reservation stays charged.
  case worstCase
}

/// How a call ended, what follows, and how that is told.
package struct CallOutcome: Hashable, Sendable {
  package var verdict: Verdict
  package var charge: Charge
  /// The answer, also a refused, truncated or broken one, for the item's log.
  package var answer: ModelAnswer?
  /// A stable word for the kind of failure (`overloaded`, `key-refused`); empty for an answer.
  package var code: String
  /// One line for a person: at most 300 bytes, without control characters, keys and request ids, so
  /// that equal failures read equally.
  package var message: String
  /// The provider's name for the request, for its support.
  package var requestID: String?
  package var status: Int
  package var readings: [RateReading]

  /// The form by which failures are grouped: the code and the status, then the message.
  package var headline: String {
    let head = status == 0 || status == 200 ? code : "\(code) (\(status))"
    return message.isEmpty ? head : "\(head): \(message)"
  }
}

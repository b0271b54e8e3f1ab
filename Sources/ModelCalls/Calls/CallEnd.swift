// How a call ended, and what was seen of it on the way.

package import Providers

/// What has come of an answer so far.
package struct CallProgress: Hashable, Sendable {
  /// As the stream tells them, or as many as its pieces: for gauges, not for bills.
  package var outputTokens: Int64
  /// Of the body, as they came.
  package var bytes: Int
}

/// The end of one call.
package struct CallEnd: Sendable {
  package enum Result: Hashable, Sendable {
    case outcome(CallOutcome)
    /// The task was cancelled, or the caller was shut down, before the answer was whole.
    case cancelled(charge: Charge, partial: ModelAnswer?)
  }

  package var result: Result
  package var took: Duration
  /// Until the first piece of a streamed answer; `nil` when none came.
  package var firstTokenAfter: Duration?
  /// Lines for the attempt's log: what was asked, what came, how it broke; without keys and control
  /// characters.
  package var log: [String]

  /// What the reservation is settled with.
  package var charge: Charge {
    switch result {
    case .outcome(let outcome): outcome.charge
    case .cancelled(let charge, _): charge
    }
  }
}

// The states of an item and of a run, and why something waits, was skipped, or ended.

/// Where an item stands.
///
/// ```
/// queued ──► running ──► done
///   ▲ ▲         │ │
///   │ └ waiting ◄┘ └────► failed ──► queued (retry)
///   └─────────────────── cancelled, skipped ──► queued (retry, changed input)
/// ```
package enum ItemState: String, Hashable, Sendable, Codable, CaseIterable {
  /// May be claimed as soon as every item that it comes after is satisfied.
  case queued
  /// Holds no slot until `WaitReason`'s time.
  case waiting
  /// An attempt of it is under way, or its result is being checked and published.
  case running
  /// Every step has its receipt.
  case done
  /// Not run, with a `SkipReason`.
  case skipped
  /// An attempt failed for good; its signature groups it with others.
  case failed
  /// A person took it out, or its source no longer has it.
  case cancelled

  /// Whether nothing more happens to the item by itself.
  package var isTerminal: Bool {
    switch self {
    case .queued, .waiting, .running: false
    case .done, .skipped, .failed, .cancelled: true
    }
  }
}

/// Why an item waits.
package enum WaitReason: String, Hashable, Sendable, Codable, CaseIterable {
  /// A try failed; the next one comes after a pause.
  case retry
  /// The provider's rate limit has no room before.
  case rateLimit
  /// The provider's circuit breaker is open.
  case breaker
  /// A quota or a credit of the provider is used up.
  case quota
  /// The budget has no room until calls in flight are settled.
  case budget
  /// A person holds its step, or the provider that its step needs; no time ends that.
  case held
}

/// Why an item was not run.
package enum SkipReason: String, Hashable, Sendable, Codable, CaseIterable {
  /// A receipt for the same key exists and its artifacts stand.
  case unchanged
  /// A receipt for the same input but an older recipe exists; `--refresh` would run it again.
  case olderRecipe
  /// An item that it comes after failed, was cancelled or was skipped by hand.
  case dependencyFailed
  /// A person skipped it.
  case byHand
}

/// Where a run stands.
package enum RunState: String, Hashable, Sendable, Codable, CaseIterable {
  /// An engine works on it, or died and will be replaced.
  case running
  /// No new attempt starts until it is resumed; survives the engine.
  case paused
  /// Stopped early; the next `run` goes on.
  case stopped
  /// Nothing is left to do; some items may have failed.
  case finished
  /// A changed definition's run took over its receipts.
  case superseded
}

/// How an attempt ended.
package enum AttemptOutcome: String, Hashable, Sendable, Codable, CaseIterable {
  /// It left a result.
  case succeeded
  /// It failed, with a signature.
  case failed
  /// It was killed because a person or a stopping engine wanted it; not counted as a try.
  case interrupted
  /// The engine died while it ran: it may have done its work.
  case unknown
  /// Its engine died before it was started.
  case neverStarted
  /// The provider asked to wait: not counted as a try.
  case deferred
}

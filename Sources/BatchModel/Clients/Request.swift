// What a client asks of a run. Requests travel as files; the engine answers in the ledger.

package import Resilience

/// A request with its sender.
package struct Request: Hashable, Sendable, Codable {
  package enum Action: Hashable, Sendable, Codable {
    case pause
    case resume
    /// Drain and leave; `now` kills what runs.
    case stop(now: Bool)
    /// Stop by itself at that moment; `nil` takes it back.
    case stopAt(Instant?)
    case reload
    /// The run's cap; `nil` takes the definition's again. Unlatches too.
    case setCap(Money?)
    case breaker(provider: String, BreakerLever)
    case items(ItemAction, ItemSelector)
    /// Leave a note; an empty one takes the note away.
    case note(NoteTarget, String)
    /// Deliver the events that wait, now; changes nothing of a run.
    case sync
    /// Starts nothing more that needs the provider, or of the step; what runs goes on.
    case hold(Hold)
    case release(Hold)
    /// How many attempts run at the same time; `nil` takes the definition's numbers again.
    case setParallel(Parallel?)
    /// Retries so many of a group's failed items, and the others only when all of them get done.
    case retryGroup(Signature, canary: Int, Overrides)
  }
  /// A UUIDv7, lower case: the file's name and the guard against applying it twice.
  package var id: String
  /// The run that was meant; an engine may work on another one.
  package var run: RunID
  package var action: Action
  /// The user who asked.
  package var by: String
  package var at: Instant
  /// The engine leaves it alone until then, so that it can be taken back.
  package var notBefore: Instant
  package init(
    id: String, run: RunID, action: Action, by: String, at: Instant, notBefore: Instant
  ) {
    self.id = id
    self.run = run
    self.action = action
    self.by = by
    self.at = at
    self.notBefore = notBefore
  }
}

/// A part of a run that a person holds back, while the rest goes on.
package enum Hold: Hashable, Sendable, TextCoded {
  /// Every call of the provider, by its name.
  case provider(String)
  /// Every attempt of the step, by its id.
  case step(String)

  package static let form = "provider NAME or step ID"
  /// Reads `provider NAME` or `step ID`; `nil` for anything else.
  package init?(_ text: String) {
    let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      .map(String.init)
    guard words.count == 2 else { return nil }
    switch words[0] {
    case "provider": self = .provider(words[1])
    case "step": self = .step(words[1])
    default: return nil
    }
  }
  package var description: String {
    switch self {
    case .provider(let name): "provider \(name)"
    case .step(let id): "step \(id)"
    }
  }
}

/// Which items a request means; resolved once, by the store.
package enum ItemSelector: Hashable, Sendable, Codable {
  case ids([ItemID])
  /// Every failed item.
  case failed
  /// Every failed item with this signature.
  case group(Signature)
}

/// What a person does with a provider's circuit breaker.
package enum BreakerLever: String, Hashable, Sendable, Codable, CaseIterable {
  /// Rejects every call until another lever is pulled.
  case isolate
  /// Lets every call through.
  case disable
  /// Closes now, and decides by itself again.
  case close
}

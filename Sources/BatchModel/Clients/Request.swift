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

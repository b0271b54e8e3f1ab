// What a person may want to know, found in what was committed.

package import BatchModel

/// Something to tell a person.
package struct Notice: Hashable, Sendable {
  package var event: NotifyEvent
  /// One sentence.
  package var why: String
}

/// Finds notices in committed changes, each worth telling once.
package struct NoticeFinder: Sendable {
  /// Groups that are known already.
  private var signatures: Set<Signature>

  /// - Parameter known: the groups of failures before this engine.
  package init(known: [FailureGroup] = []) {
    signatures = Set(known.map(\.signature))
  }

  package mutating func notices(in changes: [Change]) -> [Notice] {
    changes.flatMap { notices(of: $0) }
  }

  private mutating func notices(of change: Change) -> [Notice] {
    switch change {
    case .runMoved(let move):
      let event: NotifyEvent
      switch move.to {
      case .finished: event = .finished
      case .paused: event = .paused
      case .stopped: event = .stopped
      case .running, .superseded: return []
      }
      let cap = move.cause == .capReached ? [Notice(event: .capReached, why: move.why)] : []
      return [Notice(event: event, why: move.why)] + cap
    case .providerMoved(let move) where move.to == "breaker-open":
      return [Notice(event: .breakerOpen, why: "\(move.provider): \(move.why)")]
    case .providerMoved(let move) where move.to == "held":
      return [Notice(event: .quota, why: "\(move.provider): \(move.why)")]
    case .itemMoved(let move) where move.to == .failed:
      guard let signature = move.signature, signatures.insert(signature).inserted else {
        return []
      }
      return [Notice(event: .newFailure, why: move.note)]
    default: return []
    }
  }
}

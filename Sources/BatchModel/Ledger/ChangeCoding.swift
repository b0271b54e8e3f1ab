// The JSON form of a change: its payload's members and a `type`.

extension Change {
  /// The type's word in the ledger, stable across versions.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    case runStarted = "run.started"
    case runMoved = "run.moved"
    case itemsEnqueued = "items.enqueued"
    case attemptStarted = "attempt.started"
    case attemptLaunched = "attempt.launched"
    case attemptEnded = "attempt.ended"
    case resultRecorded = "result.recorded"
    case resultRejected = "result.rejected"
    case resultHeld = "result.held"
    case sentBack = "step.sent-back"
    case publishing = "step.publishing"
    case stepDone = "step.done"
    case itemMoved = "item.moved"
    case itemsMoved = "items.moved"
    case providerMoved = "provider.moved"
    case budgetMoved = "budget.moved"
    case noted = "run.noted"
    case artifactTracked = "artifact.tracked"
    case holdMoved = "hold.moved"
    case parallelMoved = "parallel.moved"
    case canaryMoved = "canary.moved"
    case remarked = "run.remarked"
  }

  package var kind: Kind {
    switch self {
    case .runStarted: .runStarted
    case .runMoved: .runMoved
    case .itemsEnqueued: .itemsEnqueued
    case .attemptStarted: .attemptStarted
    case .attemptLaunched: .attemptLaunched
    case .attemptEnded: .attemptEnded
    case .resultRecorded: .resultRecorded
    case .resultRejected: .resultRejected
    case .resultHeld: .resultHeld
    case .sentBack: .sentBack
    case .publishing: .publishing
    case .stepDone: .stepDone
    case .itemMoved: .itemMoved
    case .itemsMoved: .itemsMoved
    case .providerMoved: .providerMoved
    case .budgetMoved: .budgetMoved
    case .noted: .noted
    case .artifactTracked: .artifactTracked
    case .holdMoved: .holdMoved
    case .parallelMoved: .parallelMoved
    case .canaryMoved: .canaryMoved
    case .remarked: .remarked
    }
  }

  /// The item that it is about, if it is about one.
  package var item: ItemID? {
    switch self {
    case .runStarted, .runMoved, .itemsEnqueued, .itemsMoved, .providerMoved, .budgetMoved, .noted,
      .artifactTracked, .holdMoved, .parallelMoved, .canaryMoved:
      nil
    case .attemptStarted(let payload): payload.item
    case .attemptLaunched(let payload): payload.item
    case .attemptEnded(let payload): payload.item
    case .resultRecorded(let payload): payload.item
    case .resultRejected(let payload): payload.item
    case .resultHeld(let payload): payload.item
    case .sentBack(let payload): payload.item
    case .publishing(let payload): payload.item
    case .stepDone(let payload): payload.item
    case .itemMoved(let payload): payload.item
    case .remarked(let payload):
      if case .item(let item) = payload.target { item } else { nil }
    }
  }

  /// The attempt that it is about, if it is about one.
  package var attempt: AttemptID? {
    switch self {
    case .runStarted, .runMoved, .itemsEnqueued, .itemsMoved, .providerMoved, .budgetMoved, .noted,
      .itemMoved, .artifactTracked, .holdMoved, .parallelMoved, .canaryMoved, .remarked:
      nil
    case .attemptStarted(let payload): payload.attempt
    case .attemptLaunched(let payload): payload.attempt
    case .attemptEnded(let payload): payload.attempt
    case .resultRecorded(let payload): payload.attempt
    case .resultRejected(let payload): payload.attempt
    case .resultHeld(let payload): payload.attempt
    case .sentBack(let payload): payload.attempt
    case .publishing(let payload): payload.attempt
    case .stepDone(let payload): payload.attempt
    }
  }
}

extension Change: Codable {
  private enum TypeKey: String, CodingKey { case type }

  package init(from decoder: any Decoder) throws {
    let kind = try decoder.container(keyedBy: TypeKey.self).decode(Kind.self, forKey: .type)
    self =
      switch kind {
      case .runStarted: .runStarted(try RunStarted(from: decoder))
      case .runMoved: .runMoved(try RunMoved(from: decoder))
      case .itemsEnqueued: .itemsEnqueued(try ItemsEnqueued(from: decoder))
      case .attemptStarted: .attemptStarted(try AttemptStarted(from: decoder))
      case .attemptLaunched: .attemptLaunched(try AttemptLaunched(from: decoder))
      case .attemptEnded: .attemptEnded(try AttemptEnded(from: decoder))
      case .resultRecorded: .resultRecorded(try ResultRecorded(from: decoder))
      case .resultRejected: .resultRejected(try ResultRejected(from: decoder))
      case .resultHeld: .resultHeld(try ResultHeld(from: decoder))
      case .sentBack: .sentBack(try SentBack(from: decoder))
      case .publishing: .publishing(try Publishing(from: decoder))
      case .stepDone: .stepDone(try StepDone(from: decoder))
      case .itemMoved: .itemMoved(try ItemMoved(from: decoder))
      case .itemsMoved: .itemsMoved(try ItemsMoved(from: decoder))
      case .providerMoved: .providerMoved(try ProviderMoved(from: decoder))
      case .budgetMoved: .budgetMoved(try BudgetMoved(from: decoder))
      case .noted: .noted(try Noted(from: decoder))
      case .artifactTracked: .artifactTracked(try ArtifactTracked(from: decoder))
      case .holdMoved: .holdMoved(try HoldMoved(from: decoder))
      case .parallelMoved: .parallelMoved(try ParallelMoved(from: decoder))
      case .canaryMoved: .canaryMoved(try CanaryMoved(from: decoder))
      case .remarked: .remarked(try Remarked(from: decoder))
      }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: TypeKey.self)
    try container.encode(kind, forKey: .type)
    switch self {
    case .runStarted(let payload): try payload.encode(to: encoder)
    case .runMoved(let payload): try payload.encode(to: encoder)
    case .itemsEnqueued(let payload): try payload.encode(to: encoder)
    case .attemptStarted(let payload): try payload.encode(to: encoder)
    case .attemptLaunched(let payload): try payload.encode(to: encoder)
    case .attemptEnded(let payload): try payload.encode(to: encoder)
    case .resultRecorded(let payload): try payload.encode(to: encoder)
    case .resultRejected(let payload): try payload.encode(to: encoder)
    case .resultHeld(let payload): try payload.encode(to: encoder)
    case .sentBack(let payload): try payload.encode(to: encoder)
    case .publishing(let payload): try payload.encode(to: encoder)
    case .stepDone(let payload): try payload.encode(to: encoder)
    case .itemMoved(let payload): try payload.encode(to: encoder)
    case .itemsMoved(let payload): try payload.encode(to: encoder)
    case .providerMoved(let payload): try payload.encode(to: encoder)
    case .budgetMoved(let payload): try payload.encode(to: encoder)
    case .noted(let payload): try payload.encode(to: encoder)
    case .artifactTracked(let payload): try payload.encode(to: encoder)
    case .holdMoved(let payload): try payload.encode(to: encoder)
    case .parallelMoved(let payload): try payload.encode(to: encoder)
    case .canaryMoved(let payload): try payload.encode(to: encoder)
    case .remarked(let payload): try payload.encode(to: encoder)
    }
  }
}

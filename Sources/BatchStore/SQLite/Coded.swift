// The closed values that the tables keep as small integers, and the numbers' only definition.

import BatchModel

/// A value that is stored as its place in `byCode`; places are never reused.
protocol Coded: Equatable {
  static var byCode: [Self] { get }
}

extension Coded {
  /// The number in the tables.
  var code: Int64 {
    guard let place = Self.byCode.firstIndex(of: self) else {
      preconditionFailure("\(self) has no code")
    }
    return Int64(place)
  }
}

extension ItemState: Coded {
  /// By how much attention they need, so that sorting by number is the order `attention`.
  static let byCode: [ItemState] = [
    .failed, .waiting, .running, .queued, .skipped, .cancelled, .done,
  ]
}

extension RunState: Coded {
  static let byCode: [RunState] = [.running, .paused, .stopped, .finished, .superseded]
}

extension WaitReason: Coded {
  static let byCode: [WaitReason] = [
    .retry, .rateLimit, .breaker, .quota, .budget, .held,
  ]
}

extension SkipReason: Coded {
  static let byCode: [SkipReason] = [.unchanged, .olderRecipe, .dependencyFailed, .byHand]
}

extension AttemptOutcome: Coded {
  static let byCode: [AttemptOutcome] = [
    .succeeded, .failed, .interrupted, .unknown, .neverStarted, .deferred,
  ]
}

/// What became of a result.
enum Verdict: Coded {
  case pending, passed, rejected
  /// It waits for a later step's review.
  case held
  /// A review that sent the work back.
  case sentBack
  static let byCode: [Verdict] = [.pending, .passed, .rejected, .held, .sentBack]
}

extension ClaimScope: Coded {
  static let byCode: [ClaimScope] = [.all, .canary, .focus]
}

extension Provider.Billing: Coded {
  static let byCode: [Provider.Billing] = [.metered, .subscription]
}

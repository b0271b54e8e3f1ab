// The limits of one provider together: requests, input and output tokens a minute.

/// Up to three limiters that a call takes together: all dimensions or none.
public struct MultiDimensionalLimiter: Hashable, Sendable, Codable {
  /// What is limited.
  public enum Dimension: String, Hashable, Sendable, Codable, CaseIterable {
    /// Calls.
    case requests
    /// Tokens sent.
    case inputTokens
    /// Tokens produced.
    case outputTokens
  }

  /// What a call takes, or took.
  public struct Demand: Hashable, Sendable, Codable {
    /// Calls, usually 1.
    public var requests: Int64
    /// Tokens that are sent and counted.
    public var inputTokens: Int64
    /// Tokens that are produced: reserve what calls usually produce, not the most they may.
    public var outputTokens: Int64

    /// Makes a demand of one call.
    public init(requests: Int64 = 1, inputTokens: Int64 = 0, outputTokens: Int64 = 0) {
      self.requests = requests
      self.inputTokens = inputTokens
      self.outputTokens = outputTokens
    }

    /// The units of one dimension.
    public subscript(dimension: Dimension) -> Int64 {
      switch dimension {
      case .requests: requests
      case .inputTokens: inputTokens
      case .outputTokens: outputTokens
      }
    }
  }

  /// Units taken in every limited dimension; settle it once.
  public struct Reservation: Hashable, Sendable, Codable {
    /// When the call may start.
    public let startAt: Instant
    /// The dimension that makes it wait; `nil` when it may start at once.
    public let limitedBy: Dimension?
    var requests: RateLimiter.Reservation?
    var inputTokens: RateLimiter.Reservation?
    var outputTokens: RateLimiter.Reservation?

    subscript(dimension: Dimension) -> RateLimiter.Reservation? {
      switch dimension {
      case .requests: requests
      case .inputTokens: inputTokens
      case .outputTokens: outputTokens
      }
    }
  }

  /// The answer to a call that wants to start.
  public enum Decision: Hashable, Sendable {
    /// Reserved; start at its `startAt`.
    case reserved(Reservation)
    /// Nothing is reserved: the dimension has room then.
    case tooLong(Dimension, until: Instant)
    /// Nothing is reserved: the dimension never has so much room.
    case tooLarge(Dimension, burst: Int64)
  }

  /// Calls a minute; `nil` is unlimited.
  public var requests: RateLimiter?
  /// Tokens sent a minute; `nil` is unlimited.
  public var inputTokens: RateLimiter?
  /// Tokens produced a minute; `nil` is unlimited.
  public var outputTokens: RateLimiter?
  /// The longest wait that is reserved; `.zero` reserves only what may start at once.
  public var longWait: Duration {
    didSet { longWaitNanoseconds = max(0, longWait.nanosecondsClamped) }
  }
  private var longWaitNanoseconds: Int64

  /// Makes a limiter of the given dimensions.
  public init(
    requests: RateLimiter? = nil, inputTokens: RateLimiter? = nil,
    outputTokens: RateLimiter? = nil, longWait: Duration = .seconds(600)
  ) {
    self.requests = requests
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.longWait = longWait
    longWaitNanoseconds = max(0, longWait.nanosecondsClamped)
  }

  /// Takes a call's units in all dimensions, now or in the future, or in none.
  ///
  /// A reservation for the future holds all dimensions from then on, which wastes what a smaller
  /// call could have used: a scheduler with a ``FairQueue`` sets `longWait` to zero instead and
  /// asks again when the head's time has come.
  ///
  /// - Cost: O(1), no allocation.
  public mutating func reserve(_ demand: Demand, at now: Instant) -> Decision {
    if let refusal = tooLarge(demand) { return refusal }
    requests?.recover(at: now)
    inputTokens?.recover(at: now)
    outputTokens?.recover(at: now)
    let (start, dimension) = earliestStart(of: demand, at: now)
    if let dimension,
      start.nanoseconds.subtractingClamped(now.nanoseconds) > longWaitNanoseconds
    {
      return .tooLong(dimension, until: start)
    }
    return .reserved(
      Reservation(
        startAt: start, limitedBy: dimension,
        requests: requests?.take(demand.requests, startingAt: start, at: now),
        inputTokens: inputTokens?.take(demand.inputTokens, startingAt: start, at: now),
        outputTokens: outputTokens?.take(demand.outputTokens, startingAt: start, at: now)))
  }

  /// When a call could start, and what makes it wait; reserves nothing.
  public func earliestStart(of demand: Demand, at now: Instant) -> (Instant, Dimension?) {
    var latest: (Instant, Dimension?) = (now, nil)
    if let at = requests?.earliestStart(of: demand.requests, at: now), at > latest.0 {
      latest = (at, .requests)
    }
    if let at = inputTokens?.earliestStart(of: demand.inputTokens, at: now), at > latest.0 {
      latest = (at, .inputTokens)
    }
    if let at = outputTokens?.earliestStart(of: demand.outputTokens, at: now), at > latest.0 {
      latest = (at, .outputTokens)
    }
    return latest
  }

  /// Whether `small` can start now without moving the time of `head`, which waits before it.
  public func canPass(_ small: Demand, before head: Demand, at now: Instant) -> Bool {
    var after = self
    guard case .reserved(let reservation) = after.reserve(small, at: now),
      reservation.startAt <= now
    else { return false }
    return after.earliestStart(of: head, at: now).0 <= earliestStart(of: head, at: now).0
  }

  /// Replaces the estimates by what the call took.
  public mutating func settle(_ reservation: Reservation, actual: Demand) {
    if let part = reservation.requests { requests?.settle(part, actual: actual.requests) }
    if let part = reservation.inputTokens { inputTokens?.settle(part, actual: actual.inputTokens) }
    if let part = reservation.outputTokens {
      outputTokens?.settle(part, actual: actual.outputTokens)
    }
  }

  /// Gives everything back: the call was never sent.
  public mutating func cancel(_ reservation: Reservation) {
    settle(reservation, actual: Demand(requests: 0))
  }

  /// Corrects one dimension by a response's headers.
  public mutating func correct(
    _ dimension: Dimension, remaining: Int64?, limit: Int64? = nil,
    after reservation: Reservation, at now: Instant
  ) {
    guard let part = reservation[dimension] else { return }
    update(dimension) { $0.correct(remaining: remaining, limit: limit, after: part, at: now) }
  }

  /// Blocks after a 429; without a dimension (most do not say) in all of them.
  public mutating func block(
    _ dimension: Dimension? = nil, retryAfter: Duration?, after reservation: Reservation,
    at now: Instant, using random: inout some RandomNumberGenerator
  ) {
    for each in Dimension.allCases where dimension == nil || dimension == each {
      guard let part = reservation[each] else { continue }
      update(each) { $0.block(retryAfter: retryAfter, after: part, at: now, using: &random) }
    }
  }

  private mutating func update(_ dimension: Dimension, _ change: (inout RateLimiter) -> Void) {
    switch dimension {
    case .requests: requests.modify(change)
    case .inputTokens: inputTokens.modify(change)
    case .outputTokens: outputTokens.modify(change)
    }
  }

  private func tooLarge(_ demand: Demand) -> Decision? {
    if let burst = requests?.options.burst, demand.requests > burst {
      return .tooLarge(.requests, burst: burst)
    }
    if let burst = inputTokens?.options.burst, demand.inputTokens > burst {
      return .tooLarge(.inputTokens, burst: burst)
    }
    if let burst = outputTokens?.options.burst, demand.outputTokens > burst {
      return .tooLarge(.outputTokens, burst: burst)
    }
    return nil
  }
}

extension Optional {
  /// Changes the wrapped value in place, when there is one.
  fileprivate mutating func modify(_ change: (inout Wrapped) -> Void) {
    guard case .some(var wrapped) = self else { return }
    change(&wrapped)
    self = .some(wrapped)
  }
}

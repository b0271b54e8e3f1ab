// What a breaker can be told: when it trips, how long it stays open, how it probes.

extension CircuitBreaker {
  /// When a breaker trips, for how long, and how it finds out that it may close.
  ///
  /// Values out of range (from a file, say) are brought into it when they are used.
  public struct Options: Hashable, Sendable, Codable {
    /// Failures in a row that trip at once.
    public var consecutiveFailures: Int
    /// The time over which rates are measured.
    public var window: Duration
    /// The steps in which the window slides, 1...16.
    public var windowBuckets: Int
    /// The share of failures in the window that trips, 0...1.
    public var failureRate: Double
    /// Calls that the window must hold before a rate trips.
    public var minimumCalls: Int
    /// A call that takes longer is slow; `nil`: no call is.
    public var slowCall: Duration?
    /// The share of slow calls in the window that trips, 0...1.
    public var slowCallRate: Double
    /// How long the first trip opens; each further trip in a row doubles it.
    public var openFor: Duration
    /// The longest open time before jitter; a server's Retry-After may exceed it.
    public var openForMax: Duration
    /// The largest share of the open time that is added at random, so that clients spread.
    public var openJitter: Double
    /// The longest Retry-After that is believed.
    public var retryAfterMax: Duration
    /// Calls let through at once when half-open.
    public var halfOpenProbes: Int
    /// How often the number of probes doubles before the breaker closes: 2 is 1 → 2 → 4.
    public var halfOpenDoublings: Int
    /// After this time a probe that has not reported counts as failed.
    public var probeTimeout: Duration

    /// Makes options; the defaults suit calls to a model's API.
    public init(
      consecutiveFailures: Int = 3, window: Duration = .seconds(60), windowBuckets: Int = 12,
      failureRate: Double = 0.5, minimumCalls: Int = 10, slowCall: Duration? = nil,
      slowCallRate: Double = 0.8, openFor: Duration = .seconds(60),
      openForMax: Duration = .seconds(600), openJitter: Double = 0.2,
      retryAfterMax: Duration = .seconds(86_400), halfOpenProbes: Int = 1,
      halfOpenDoublings: Int = 0, probeTimeout: Duration = .seconds(300)
    ) {
      precondition(consecutiveFailures >= 1, "a breaker trips after at least one failure")
      precondition(
        (1...SlidingWindow.bucketsMax).contains(windowBuckets), "windowBuckets is 1...16")
      precondition(
        failureRate > 0 && failureRate <= 1 && slowCallRate > 0 && slowCallRate <= 1,
        "a rate is a share above 0, at most 1")
      precondition(openFor > .zero && openForMax >= openFor, "0 < openFor <= openForMax")
      precondition(
        halfOpenProbes >= 1 && halfOpenDoublings >= 0 && halfOpenDoublings < 4
          && halfOpenProbes << halfOpenDoublings <= ProbeLeases.capacity,
        "at most 8 probes at once")
      self.consecutiveFailures = consecutiveFailures
      self.window = window
      self.windowBuckets = windowBuckets
      self.failureRate = failureRate
      self.minimumCalls = minimumCalls
      self.slowCall = slowCall
      self.slowCallRate = slowCallRate
      self.openFor = openFor
      self.openForMax = openForMax
      self.openJitter = openJitter
      self.retryAfterMax = retryAfterMax
      self.halfOpenProbes = halfOpenProbes
      self.halfOpenDoublings = halfOpenDoublings
      self.probeTimeout = probeTimeout
    }
  }

  /// The options in the units of the hot path, brought into range: `Duration` is 128 bits wide, and
  /// dividing one costs more than the whole decision.
  struct Thresholds: Hashable, Sendable {
    let consecutiveFailures: UInt32
    let minimumCalls: UInt32
    let failureRate: Double
    let slowCallRate: Double
    let slowCall: Duration
    let openForNanoseconds: Int64
    let openForMaxNanoseconds: Int64
    let openJitter: Double
    let retryAfterMaxNanoseconds: Int64
    let probeTimeoutNanoseconds: Int64
    let probes: Int
    let doublings: Int

    init(_ options: Options) {
      consecutiveFailures = UInt32(clamping: max(1, options.consecutiveFailures))
      minimumCalls = UInt32(clamping: max(1, options.minimumCalls))
      failureRate = options.failureRate
      slowCallRate = options.slowCallRate
      slowCall = options.slowCall ?? .nanoseconds(Int64.max)
      openForNanoseconds = max(1, options.openFor.nanosecondsClamped)
      openForMaxNanoseconds = max(openForNanoseconds, options.openForMax.nanosecondsClamped)
      openJitter = options.openJitter.isFinite ? min(max(options.openJitter, 0), 1) : 0
      retryAfterMaxNanoseconds = max(0, options.retryAfterMax.nanosecondsClamped)
      probeTimeoutNanoseconds = max(1, options.probeTimeout.nanosecondsClamped)
      probes = min(max(options.halfOpenProbes, 1), ProbeLeases.capacity)
      doublings = min(max(options.halfOpenDoublings, 0), 3)
    }

    /// Probes allowed at once in a step of the ramp.
    func quota(step: Int) -> Int { min(probes << step, ProbeLeases.capacity) }
  }
}

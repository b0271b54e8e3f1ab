// The circuit breaker's state and words; what it does stands in the files beside it.

/// Stops calling a service that fails, and finds out with single probes when it is back.
///
/// A value: time and randomness are arguments, nothing is thrown, nothing sleeps. One breaker per
/// thing that fails on its own: a provider, a model, an account.
///
/// ```text
///            failures trip                 until has passed (asked for by an admit)
///   closed ───────────────────▶ open ───────────────────────────▶ halfOpen
///     ▲                           ▲                                 │   │
///     │                           └──── a probe fails, or is lost ──┘   │
///     └───────────────────────── every step of the ramp succeeded ──────┘
/// ```
///
/// Every change of phase but the last starts a new *epoch*. A result carries the epoch of its
/// permit; one of an earlier epoch is ``Recorded/stale`` and moves nothing, so that a call sent
/// before an outage cannot close, or trip, the breaker after it.
public struct CircuitBreaker: Hashable, Sendable {
  /// What the breaker is doing, for people and decisions.
  public enum State: Hashable, Sendable {
    /// Calls pass and are counted. → `open`
    case closed
    /// Calls are rejected until the time; the first one after it becomes a probe. → `halfOpen`
    case open(until: Instant)
    /// A few probes pass. → `open` when one fails, `closed` when all succeed
    case halfOpen
    /// An operator holds it open. → `closed` by ``CircuitBreaker/close(at:)``
    case isolated
    /// An operator holds it closed; it counts, and never trips.
    case disabled
    /// It decides as usual and tells in its metrics; nothing is rejected.
    case shadow
  }

  /// The right to make one call; give it back with ``record(_:_:took:retryAfter:at:using:)``.
  public struct Permit: Hashable, Sendable, Codable {
    /// The epoch in which the call was admitted.
    public let epoch: UInt32
    let serial: UInt32
    let place: Int8

    /// Whether the call is a probe of a half-open breaker.
    public var isProbe: Bool { place >= 0 }
  }

  /// Why a call may not be made now.
  public enum Rejection: Hashable, Sendable {
    /// The breaker is open; the next probe is due then.
    case open(retryAt: Instant)
    /// All probes are out; the earliest ends then. A report may come sooner: ask again after one.
    case probing(retryAt: Instant)
    /// An operator isolated it: no time will help.
    case isolated

    /// When to ask again; `nil` is never.
    public var retryAt: Instant? {
      switch self {
      case .open(let instant), .probing(let instant): instant
      case .isolated: nil
      }
    }
  }

  /// The answer to a call that wants to start.
  public enum Admission: Hashable, Sendable {
    /// Make the call and record its outcome.
    case permit(Permit)
    /// Do not; park until the rejection's time.
    case rejected(Rejection)
  }

  /// How a call ended, as the breaker sees it.
  public enum Outcome: Hashable, Sendable, Codable {
    /// It answered.
    case success
    /// The service failed: 5xx, overloaded, time-out, connection error, hollow success.
    case failure
    /// It says nothing about the service: cancelled, a 4xx, a 429. Frees a probe, changes nothing.
    case neutral
  }

  /// What a report did.
  public enum Recorded: Hashable, Sendable {
    /// It counted.
    case counted
    /// The permit is of an earlier epoch, or was reported before: only the metrics know of it.
    case stale
  }

  enum Mode: UInt8, Hashable, Sendable, Codable { case automatic, isolated, disabled, shadow }
  enum Phase: UInt8, Hashable, Sendable, Codable { case closed, open, halfOpen }

  /// What the breaker was told; a new window length starts an empty window.
  public var options: Options {
    didSet {
      thresholds = Thresholds(options)
      guard options.window != oldValue.window || options.windowBuckets != oldValue.windowBuckets
      else { return }
      window = SlidingWindow(length: options.window, buckets: options.windowBuckets)
    }
  }
  /// Counts every change that makes earlier permits stale.
  public internal(set) var epoch: UInt32 = 0
  /// What happened since the breaker was made or reset.
  public internal(set) var totals = Totals()

  var thresholds: Thresholds
  var mode = Mode.automatic
  var phase = Phase.closed
  var openUntil = Instant(nanoseconds: .min)
  /// How long the last trip opened: the time to stay closed before trips are forgiven.
  var lastOpenNanoseconds: Int64 = 0
  var closedAt = Instant(nanoseconds: .min)
  var tripsInARow: UInt32 = 0
  var failuresInARow: UInt32 = 0
  /// Until when a failing server asked to be left alone.
  var askedUntil = Instant(nanoseconds: .min)
  var rampStep = 0
  var probesSucceeded = 0
  var leases = ProbeLeases()
  var serial: UInt32 = 0
  var window: SlidingWindow

  /// Makes a closed breaker.
  public init(options: Options = Options()) {
    self.options = options
    thresholds = Thresholds(options)
    window = SlidingWindow(length: options.window, buckets: options.windowBuckets)
  }

  /// What the breaker is doing.
  public var state: State {
    switch mode {
    case .isolated: return .isolated
    case .disabled: return .disabled
    case .shadow: return .shadow
    case .automatic: break
    }
    switch phase {
    case .closed: return .closed
    case .open: return .open(until: openUntil)
    case .halfOpen: return .halfOpen
    }
  }
}

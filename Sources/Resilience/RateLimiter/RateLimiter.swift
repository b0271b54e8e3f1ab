// One rate limit as a theoretical arrival time: state, reservation and settlement.

/// GCRA: a token bucket kept as one time, in which a caller reserves first and settles later.
///
/// `T` is the time that one unit takes to come back, `TAT` when the bucket will be full again; it
/// holds `burst` units. In any window of length t at most `burst + t / T` units are admitted. The
/// wait is known at once, so nobody polls. Source: ITU-T I.371 (virtual scheduling).
public struct RateLimiter: Hashable, Sendable, Codable {
  /// What a limiter is told.
  public struct Options: Hashable, Sendable, Codable {
    /// Units that come back in a minute.
    public var perMinute: Double
    /// Units that the bucket holds: what may start at once after a rest.
    public var burst: Int64
    /// A longer wait is not reserved but told, so that the caller can save its state and leave.
    public var longWait: Duration
    /// How long a 429 without Retry-After blocks.
    public var blockFor: Duration

    /// Makes options; without `burst` the bucket holds a minute's worth, as the providers' do.
    public init(
      perMinute: Double, burst: Int64? = nil, longWait: Duration = .seconds(600),
      blockFor: Duration = .seconds(5)
    ) {
      precondition(perMinute > 0 && perMinute.isFinite, "a rate is above 0")
      precondition(burst ?? 1 >= 1, "a bucket holds at least 1")
      self.perMinute = perMinute
      self.burst = burst ?? max(1, Int64(roundingUpClamped: perMinute.rounded(.down)))
      self.longWait = longWait
      self.blockFor = blockFor
    }
  }

  /// Units taken from the bucket before their exact number is known; settle it once.
  public struct Reservation: Hashable, Sendable, Codable {
    /// The units taken.
    public let units: Int64
    /// When the call may start.
    public let startAt: Instant
    /// Its place in the order of all reservations.
    public let sequence: UInt64
    /// Units reserved up to and with this one, since the limiter was made.
    let unitsSoFar: Int64
  }

  /// The answer to a call that wants units.
  public enum Decision: Hashable, Sendable {
    /// Reserved; start at its `startAt`.
    case reserved(Reservation)
    /// Nothing is reserved: the wait ends then, and is longer than the caller wants to hold.
    case tooLong(until: Instant)
    /// Nothing is reserved: the bucket never holds so many.
    case tooLarge(burst: Int64)
  }

  /// What the limiter was told.
  public private(set) var options: Options
  /// No call starts before: what a 429 asked for.
  public internal(set) var blockedUntil = Instant(nanoseconds: .min)
  /// Units reserved and not settled; 0 after a crash.
  public internal(set) var openUnits: Int64 = 0

  /// The rate now: below the limit while it recovers from a 429.
  var ratePerMinute: Double
  /// T, in nanoseconds.
  var nanosecondsPerUnit: Double
  var arrival = Instant(nanoseconds: .min)
  var unitsSoFar: Int64 = 0
  var sequence: UInt64 = 0
  /// Reservations up to here were sent before the newest correction, or the newest cut.
  var correctedSequence: UInt64 = 0
  var cutSequence: UInt64 = 0
  var recovery: CubicRecovery?
  var usage = MeasuredRate()
  private let longWaitNanoseconds: Int64

  /// Makes a limiter with a full bucket.
  public init(_ options: Options) {
    self.options = options
    ratePerMinute = options.perMinute
    nanosecondsPerUnit = 60e9 / options.perMinute
    longWaitNanoseconds = max(0, options.longWait.nanosecondsClamped)
  }

  private enum CodingKeys: String, CodingKey {
    case options, blockedUntil, ratePerMinute, arrival, unitsSoFar, sequence, correctedSequence
    case cutSequence, recovery
  }

  /// Reads a limiter; reservations of the dead process stay taken and cannot be given back.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let options = try values.decode(Options.self, forKey: .options)
    let rate = try values.decode(Double.self, forKey: .ratePerMinute)
    guard options.perMinute > 0, options.perMinute.isFinite, options.burst >= 1, rate > 0,
      rate.isFinite
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .options, in: values, debugDescription: "a rate and a burst are above 0")
    }
    self.init(options)
    blockedUntil = try values.decode(Instant.self, forKey: .blockedUntil)
    arrival = try values.decode(Instant.self, forKey: .arrival)
    unitsSoFar = try values.decode(Int64.self, forKey: .unitsSoFar)
    sequence = try values.decode(UInt64.self, forKey: .sequence)
    correctedSequence = try values.decode(UInt64.self, forKey: .correctedSequence)
    cutSequence = try values.decode(UInt64.self, forKey: .cutSequence)
    recovery = try values.decodeIfPresent(CubicRecovery.self, forKey: .recovery)
    ratePerMinute = rate
    nanosecondsPerUnit = 60e9 / rate
  }

  /// Units that could start now.
  public func available(at now: Instant) -> Int64 {
    let debt = max(0, arrival.nanoseconds.subtractingClamped(now.nanoseconds))
    return options.burst - Int64(roundingUpClamped: Double(debt) / nanosecondsPerUnit)
  }

  /// When `units` could start; reserves nothing.
  public func earliestStart(of units: Int64, at now: Instant) -> Instant {
    let full = max(arrival, now).nanoseconds.addingClamped(time(of: units))
    let start = full.subtractingClamped(time(of: options.burst))
    return max(Instant(nanoseconds: start), now, blockedUntil)
  }

  /// Takes units, now or in the future.
  ///
  /// - Cost: O(1), no allocation.
  public mutating func reserve(_ units: Int64, at now: Instant) -> Decision {
    precondition(units >= 0, "units are not negative")
    guard units <= options.burst else { return .tooLarge(burst: options.burst) }
    recover(at: now)
    let start = earliestStart(of: units, at: now)
    guard start.nanoseconds.subtractingClamped(now.nanoseconds) <= longWaitNanoseconds else {
      return .tooLong(until: start)
    }
    return .reserved(take(units, startingAt: start, at: now))
  }

  /// Takes units for a call that starts at `start`, at or after ``earliestStart(of:at:)``.
  ///
  /// The bucket keeps refilling until then, not beyond its size: so a call that another dimension
  /// holds up does not start together with those behind it.
  mutating func take(_ units: Int64, startingAt start: Instant, at now: Instant) -> Reservation {
    arrival = Instant(
      nanoseconds: max(arrival, start).nanoseconds.addingClamped(time(of: units)))
    sequence += 1
    unitsSoFar = unitsSoFar.addingClamped(units)
    openUnits = openUnits.addingClamped(units)
    usage.count(units, at: now)
    return Reservation(
      units: units, startAt: start, sequence: sequence, unitsSoFar: unitsSoFar)
  }

  /// Replaces the estimate by the true number; 0 gives everything back (the call was never sent).
  public mutating func settle(_ reservation: Reservation, actual: Int64) {
    let difference = max(0, actual).subtractingClamped(reservation.units)
    arrival = Instant(nanoseconds: arrival.nanoseconds.addingClamped(time(of: difference)))
    openUnits = max(0, openUnits.subtractingClamped(reservation.units))
  }

  /// The time that units take to come back, rounded against the caller.
  func time(of units: Int64) -> Int64 {
    Int64(roundingUpClamped: Double(units) * nanosecondsPerUnit)
  }

  /// Another rate; units in the bucket stay what they are.
  mutating func setRate(_ perMinute: Double, at now: Instant) {
    let before = nanosecondsPerUnit
    ratePerMinute = perMinute
    nanosecondsPerUnit = 60e9 / perMinute
    guard arrival > now else { return }
    let debt = Double(arrival.nanoseconds.subtractingClamped(now.nanoseconds))
    let scaled = Int64(roundingUpClamped: debt * (nanosecondsPerUnit / before))
    arrival = Instant(nanoseconds: now.nanoseconds.addingClamped(scaled))
  }

  /// Another limit, from an operator or a header; a rate that recovers stays below it.
  public mutating func setLimit(perMinute: Double, burst: Int64? = nil, at now: Instant) {
    guard perMinute > 0, perMinute.isFinite else { return }
    options.perMinute = perMinute
    if let burst, burst >= 1 { options.burst = burst }
    setRate(recovery == nil ? perMinute : min(ratePerMinute, perMinute), at: now)
  }
}

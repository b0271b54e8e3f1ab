// What a provider's answers teach a limiter: headers with what remains, and 429s.

extension RateLimiter {
  /// Corrects the bucket by a response's own headers.
  ///
  /// The response knows nothing of calls sent after its own, so their reservations are subtracted.
  /// Lower counts at once; higher closes a tenth of the gap, and only beyond what is still open. A
  /// response to an earlier call than the newest that was heard says nothing new. A `reset` header
  /// means *fully* replenished and is not needed: the wait follows from what remains.
  ///
  /// - Parameters:
  ///   - remaining: What the provider says is left; negative is ignored.
  ///   - limit: What the provider says it allows a minute; 0 and below (seen in the field) is ignored.
  ///   - reservation: That of the call which was answered.
  public mutating func correct(
    remaining: Int64?, limit: Int64? = nil, after reservation: Reservation, at now: Instant
  ) {
    guard reservation.sequence > correctedSequence else { return }
    correctedSequence = reservation.sequence
    if let limit, limit > 0 { approach(limit: Double(limit), at: now) }
    guard let remaining, remaining >= 0 else { return }
    let left = remaining.subtractingClamped(
      max(0, unitsSoFar.subtractingClamped(reservation.unitsSoFar)))
    let missing = options.burst.subtractingClamped(left)
    let lowered = now.nanoseconds.addingClamped(time(of: max(0, missing)))
    if lowered > arrival.nanoseconds {
      arrival = Instant(nanoseconds: lowered)
      return
    }
    let gap = remaining.subtractingClamped(openUnits).subtractingClamped(available(at: now))
    guard gap >= 10 else { return }
    arrival = Instant(nanoseconds: arrival.nanoseconds.subtractingClamped(time(of: gap / 10)))
  }

  /// Takes a lower limit at once, a higher one by a tenth.
  private mutating func approach(limit: Double, at now: Instant) {
    let perMinute = min(limit, options.perMinute * 1.1)
    guard perMinute != options.perMinute else { return }
    let burst = min(Double(options.burst), options.burst > 1 ? perMinute : 1)
    setLimit(perMinute: perMinute, burst: Int64(roundingUpClamped: burst), at: now)
  }

  /// Blocks after a 429, and goes on slower: ×0.7, then CUBIC recovery.
  ///
  /// The 429s of one burst cut the rate once: those sent before the last cut only block. The bucket
  /// is emptied too, but for what was asked: otherwise refused calls, which give their units back,
  /// would be tried again as fast as they are refused.
  ///
  /// - Parameters:
  ///   - retryAfter: What the response asked for; `nil` blocks for `blockFor`.
  ///   - reservation: That of the refused call.
  ///   - now: The caller's time.
  ///   - random: Spreads the return over up to a quarter of the wait, at most 10 s.
  public mutating func block(
    retryAfter: Duration?, after reservation: Reservation, at now: Instant,
    using random: inout some RandomNumberGenerator
  ) {
    let wait = max(0, (retryAfter ?? options.blockFor).nanosecondsClamped)
    let jitter = Double.random(in: 0..<1, using: &random) * min(10e9, Double(wait) / 4)
    let until = now.nanoseconds.addingClamped(wait)
      .addingClamped(Int64(roundingUpClamped: jitter))
    blockedUntil = max(blockedUntil, Instant(nanoseconds: until))
    if reservation.sequence > cutSequence {
      cutSequence = sequence
      recovery = CubicRecovery(from: ratePerMinute / 60, at: blockedUntil)
      setRate(ratePerMinute * CubicRecovery.cut, at: now)
    }
    let missing = time(of: options.burst - min(reservation.units, options.burst))
    let emptied = blockedUntil.nanoseconds.addingClamped(missing)
    arrival = max(arrival, Instant(nanoseconds: emptied))
  }

  /// The rate that the recovery has reached; nothing to do in good times.
  mutating func recover(at now: Instant) {
    guard let recovery else { return }
    let ceiling = max(2 * usage.perSecond, recovery.floorPerSecond)
    let rate = min(recovery.perSecond(at: now), ceiling) * 60
    guard rate < options.perMinute else {
      self.recovery = nil
      return setRate(options.perMinute, at: now)
    }
    if rate > ratePerMinute { setRate(rate, at: now) }
  }
}

/// How a rate comes back after a cut: fast at first, flat near the old rate, then searching above it.
///
/// `rate(t) = 0.4 · (t − W)³ + lastMax`, `W = ∛(lastMax · 0.3 / 0.4)`, in units per second. Source:
/// RFC 9438 (CUBIC), as used by the AWS SDKs' adaptive retry mode.
struct CubicRecovery: Hashable, Sendable, Codable {
  static let cut = 0.7
  private static let scale = 0.4

  private let lastMax: Double
  private let window: Double
  private let since: Instant

  init(from perSecond: Double, at since: Instant) {
    lastMax = perSecond
    self.since = since
    window = Self.cubeRoot(perSecond * (1 - Self.cut) / Self.scale)
  }

  /// What the cut left; the measured rate never pushes it lower.
  var floorPerSecond: Double { lastMax * Self.cut }

  func perSecond(at now: Instant) -> Double {
    let t = max(0, Double(now.nanoseconds.subtractingClamped(since.nanoseconds)) / 1e9) - window
    return Self.scale * t * t * t + lastMax
  }

  /// Newton's method; the module has no mathematics library.
  private static func cubeRoot(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 0 }
    var root = max(value, 1)
    for _ in 0..<200 {
      let next = (2 * root + value / (root * root)) / 3
      guard next < root else { break }
      root = next
    }
    return root
  }
}

/// Units per second, measured over periods of ten seconds and smoothed.
struct MeasuredRate: Hashable, Sendable {
  private static let period: Int64 = 10_000_000_000
  private(set) var perSecond = 0.0
  private var units: Int64 = 0
  private var start = Instant(nanoseconds: .min)

  mutating func count(_ more: Int64, at now: Instant) {
    let elapsed = now.nanoseconds.subtractingClamped(start.nanoseconds)
    if elapsed >= Self.period {
      let measured = Double(units) / (Double(elapsed) / 1e9)
      perSecond = perSecond == 0 ? measured : 0.8 * measured + 0.2 * perSecond
      units = 0
      start = now
    }
    units = units.addingClamped(more)
  }
}

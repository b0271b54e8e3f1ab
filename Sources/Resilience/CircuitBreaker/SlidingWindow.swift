// The breaker's memory of recent calls: a ring of time buckets that lives inside its owner, so that
// counting a call allocates nothing.

/// Calls, failures and slow calls of the last `buckets · bucketWidth`.
///
/// The ring is three SIMD vectors because those are the fixed-size inline storage that every
/// platform of this package has. Sums are kept beside them, so reading one costs nothing.
struct SlidingWindow: Hashable, Sendable {
  /// The ring's size; fewer buckets may be in use.
  static let bucketsMax = 16

  private(set) var total: UInt32 = 0
  private(set) var failures: UInt32 = 0
  private(set) var slow: UInt32 = 0

  private var totals = SIMD16<UInt32>()
  private var failed = SIMD16<UInt32>()
  private var slowed = SIMD16<UInt32>()
  private var bucketsInUse: Int
  private var widthNanoseconds: Int64
  private var head = 0
  /// The first nanosecond that belongs to the next bucket; `.min` before the first call.
  private var headEnd = Int64.min

  /// Makes an empty window; sizes out of range are brought into it.
  init(length: Duration, buckets: Int) {
    bucketsInUse = min(max(buckets, 1), Self.bucketsMax)
    widthNanoseconds = max(1, length.nanosecondsClamped / Int64(bucketsInUse))
  }

  /// Counts one call; a clock that went back counts into the newest bucket.
  mutating func count(failure: Bool, slow isSlow: Bool, at now: Instant) {
    advance(to: now)
    totals[head] &+= 1
    total &+= 1
    if failure {
      failed[head] &+= 1
      failures &+= 1
    }
    if isSlow {
      slowed[head] &+= 1
      slow &+= 1
    }
  }

  /// Forgets the buckets that `now` has left behind.
  mutating func advance(to now: Instant) {
    guard now.nanoseconds >= headEnd else { return }
    guard headEnd != .min else { return restart(at: now) }
    let passed = now.nanoseconds.subtractingReportingOverflow(headEnd)
    let steps = passed.overflow ? .max : passed.partialValue / widthNanoseconds + 1
    guard steps < Int64(bucketsInUse) else { return restart(at: now) }
    for _ in 0..<steps {
      head = head + 1 == bucketsInUse ? 0 : head + 1
      dropHead()
    }
    headEnd = headEnd.addingClamped(steps * widthNanoseconds)
  }

  /// Forgets every call.
  mutating func clear() {
    totals = SIMD16()
    failed = SIMD16()
    slowed = SIMD16()
    (total, failures, slow) = (0, 0, 0)
    headEnd = .min
  }

  private mutating func restart(at now: Instant) {
    clear()
    headEnd = now.nanoseconds.addingClamped(widthNanoseconds)
  }

  private mutating func dropHead() {
    total &-= totals[head]
    failures &-= failed[head]
    slow &-= slowed[head]
    totals[head] = 0
    failed[head] = 0
    slowed[head] = 0
  }
}

extension SlidingWindow: Codable {
  private enum CodingKeys: String, CodingKey {
    case totals, failed, slowed, buckets, width, head, headEnd
  }

  /// Reads a window; its sums are counted again, so that they always fit the buckets.
  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    bucketsInUse = min(max(try values.decode(Int.self, forKey: .buckets), 1), Self.bucketsMax)
    widthNanoseconds = max(1, try values.decode(Int64.self, forKey: .width))
    headEnd = try values.decode(Int64.self, forKey: .headEnd)
    head = min(max(try values.decode(Int.self, forKey: .head), 0), bucketsInUse - 1)
    totals = try values.decode(SIMD16<UInt32>.self, forKey: .totals)
    failed = try values.decode(SIMD16<UInt32>.self, forKey: .failed)
    slowed = try values.decode(SIMD16<UInt32>.self, forKey: .slowed)
    (total, failures, slow) = (totals.wrappedSum(), failed.wrappedSum(), slowed.wrappedSum())
  }

  /// Writes the buckets.
  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(bucketsInUse, forKey: .buckets)
    try values.encode(widthNanoseconds, forKey: .width)
    try values.encode(headEnd, forKey: .headEnd)
    try values.encode(head, forKey: .head)
    try values.encode(totals, forKey: .totals)
    try values.encode(failed, forKey: .failed)
    try values.encode(slowed, forKey: .slowed)
  }
}

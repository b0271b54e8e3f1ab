// A provider in virtual time: its own token buckets, 429s with Retry-After, an outage. It shares no
// code with the limiter that is measured against it.

import Resilience

/// Token buckets that refill continuously, as the large providers describe theirs.
struct SimulatedProvider {
  struct Bucket {
    let capacity: Double
    let perSecond: Double
    var level: Double
    var updated = 0.0

    init(perMinute: Double) {
      (capacity, perSecond, level) = (perMinute, perMinute / 60, perMinute)
    }

    mutating func refill(at seconds: Double) {
      level = min(capacity, level + (seconds - updated) * perSecond)
      updated = seconds
    }
  }

  enum Answer { case answered, overloaded, tooMany(retryAfter: Double) }

  var requests: Bucket
  var tokens: Bucket
  var outage: Range<Double>
  var answered = 0
  var tokensServed = 0.0
  var refused = 0

  mutating func receive(tokens needed: Int64, at seconds: Double) -> Answer {
    requests.refill(at: seconds)
    tokens.refill(at: seconds)
    if outage.contains(seconds) { return .overloaded }
    // A thousandth of a unit of tolerance: its arithmetic is floating point, ours is not.
    guard requests.level > 0.999, tokens.level > Double(needed) - 0.001 else {
      refused += 1
      let missing = max(1 - requests.level, 0) / requests.perSecond
      return .tooMany(
        retryAfter: max(missing, (Double(needed) - tokens.level) / tokens.perSecond))
    }
    requests.level -= 1
    tokens.level -= Double(needed)
    answered += 1
    tokensServed += Double(needed)
    return .answered
  }
}

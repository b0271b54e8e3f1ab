// The half-open breaker's probes: who holds one, and until when it may stay silent.

/// At most eight leases, inline; a lease is known by its place and its serial number.
struct ProbeLeases: Hashable, Sendable, Codable {
  static let capacity = 8

  /// When each lease ends; `.max` where none is held.
  private var ends = SIMD8<Int64>(repeating: .max)
  private var serials = SIMD8<UInt32>()

  /// Leases held; counted from the places, so that a stored form cannot contradict itself.
  var count: Int {
    var held = 0
    for place in 0..<Self.capacity where ends[place] != .max { held += 1 }
    return held
  }

  /// The earliest end of a lease; `nil` when none is held.
  var earliestEnd: Instant? {
    let earliest = ends.min()
    return earliest == .max ? nil : Instant(nanoseconds: earliest)
  }

  /// Whether some lease has ended without a report.
  func haveExpired(at now: Instant) -> Bool {
    let earliest = ends.min()
    return earliest != .max && earliest <= now.nanoseconds
  }

  /// Leases a place until `end`; `nil` when all eight are taken.
  mutating func take(until end: Instant, serial: UInt32) -> Int? {
    for place in 0..<Self.capacity where ends[place] == .max {
      ends[place] = min(end.nanoseconds, .max - 1)
      serials[place] = serial
      return place
    }
    return nil
  }

  /// Gives a place back; false when `serial` does not hold it (a second report of one probe).
  mutating func free(_ place: Int, serial: UInt32) -> Bool {
    guard (0..<Self.capacity).contains(place), ends[place] != .max, serials[place] == serial
    else { return false }
    ends[place] = .max
    return true
  }
}

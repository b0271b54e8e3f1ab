// The breaker's stored form, so that an outage is remembered through a crash.

extension CircuitBreaker: Codable {
  private enum CodingKeys: String, CodingKey {
    case options, epoch, totals, mode, phase, openUntil, lastOpenNanoseconds, closedAt
    case tripsInARow, failuresInARow, askedUntil, rampStep, probesSucceeded, leases, serial, window
  }

  /// Reads a breaker; probes that were out keep their leases, and count as lost when those end.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(options: try values.decode(Options.self, forKey: .options))
    epoch = try values.decode(UInt32.self, forKey: .epoch)
    totals = try values.decode(Totals.self, forKey: .totals)
    mode = try values.decode(Mode.self, forKey: .mode)
    phase = try values.decode(Phase.self, forKey: .phase)
    openUntil = try values.decode(Instant.self, forKey: .openUntil)
    lastOpenNanoseconds = try values.decode(Int64.self, forKey: .lastOpenNanoseconds)
    closedAt = try values.decode(Instant.self, forKey: .closedAt)
    tripsInARow = try values.decode(UInt32.self, forKey: .tripsInARow)
    failuresInARow = try values.decode(UInt32.self, forKey: .failuresInARow)
    askedUntil = try values.decode(Instant.self, forKey: .askedUntil)
    rampStep = min(max(try values.decode(Int.self, forKey: .rampStep), 0), thresholds.doublings)
    probesSucceeded = max(0, try values.decode(Int.self, forKey: .probesSucceeded))
    leases = try values.decode(ProbeLeases.self, forKey: .leases)
    serial = try values.decode(UInt32.self, forKey: .serial)
    window = try values.decode(SlidingWindow.self, forKey: .window)
  }

  /// Writes the whole state.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(options, forKey: .options)
    try values.encode(epoch, forKey: .epoch)
    try values.encode(totals, forKey: .totals)
    try values.encode(mode, forKey: .mode)
    try values.encode(phase, forKey: .phase)
    try values.encode(openUntil, forKey: .openUntil)
    try values.encode(lastOpenNanoseconds, forKey: .lastOpenNanoseconds)
    try values.encode(closedAt, forKey: .closedAt)
    try values.encode(tripsInARow, forKey: .tripsInARow)
    try values.encode(failuresInARow, forKey: .failuresInARow)
    try values.encode(askedUntil, forKey: .askedUntil)
    try values.encode(rampStep, forKey: .rampStep)
    try values.encode(probesSucceeded, forKey: .probesSucceeded)
    try values.encode(leases, forKey: .leases)
    try values.encode(serial, forKey: .serial)
    try values.encode(window, forKey: .window)
  }
}

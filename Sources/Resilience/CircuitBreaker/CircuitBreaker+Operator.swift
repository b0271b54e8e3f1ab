// The operator's levers; each makes the permits given before it stale.

extension CircuitBreaker {
  /// Rejects every call until another lever is pulled.
  public mutating func isolate() { take(.isolated) }

  /// Lets every call through, counts, and never trips.
  public mutating func disable(at now: Instant) {
    take(.disabled)
    becomeClosed(at: now)
  }

  /// Decides and counts as usual, and lets every call through all the same: for a trial in the field.
  public mutating func shadow(at now: Instant) {
    take(.shadow)
    becomeClosed(at: now)
  }

  /// Closes now, whatever held it, and decides by itself again; earlier trips still count for k.
  public mutating func close(at now: Instant) {
    take(.automatic)
    becomeClosed(at: now)
    askedUntil = Instant(nanoseconds: .min)
  }

  /// Closes, and forgets everything but the options and the epoch.
  public mutating func reset() {
    let next = epoch &+ 1
    self = CircuitBreaker(options: options)
    epoch = next
  }

  private mutating func take(_ mode: Mode) {
    self.mode = mode
    epoch &+= 1
    leases = ProbeLeases()
  }
}

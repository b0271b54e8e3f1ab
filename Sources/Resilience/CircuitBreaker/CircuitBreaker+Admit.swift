// Admission: the half of the breaker that runs before a call.

extension CircuitBreaker {
  /// Asks for the right to make one call now.
  ///
  /// - Cost: O(1), no allocation.
  /// - Parameters:
  ///   - now: The caller's time.
  ///   - random: Spreads the next probe when a lost probe opens the breaker again.
  public mutating func admit(at now: Instant, using random: inout some RandomNumberGenerator)
    -> Admission
  {
    switch mode {
    case .automatic: return decide(at: now, using: &random)
    case .isolated:
      totals.rejected += 1
      return .rejected(.isolated)
    case .disabled: return .permit(ordinaryPermit())
    case .shadow:
      let decision = decide(at: now, using: &random)
      guard case .rejected = decision else { return decision }
      return .permit(ordinaryPermit())
    }
  }

  private mutating func decide(at now: Instant, using random: inout some RandomNumberGenerator)
    -> Admission
  {
    switch phase {
    case .closed: return .permit(ordinaryPermit())
    case .open:
      guard now >= openUntil else { return reject(.open(retryAt: openUntil)) }
      becomeHalfOpen()
      return probe(at: now)
    case .halfOpen:
      guard !leases.haveExpired(at: now) else {
        trip(at: now, using: &random)
        return reject(.open(retryAt: openUntil))
      }
      return probe(at: now)
    }
  }

  private func ordinaryPermit() -> Permit { Permit(epoch: epoch, serial: 0, place: -1) }

  private mutating func reject(_ rejection: Rejection) -> Admission {
    totals.rejected += 1
    return .rejected(rejection)
  }

  private mutating func becomeHalfOpen() {
    phase = .halfOpen
    epoch &+= 1
    rampStep = 0
    probesSucceeded = 0
    leases = ProbeLeases()
  }

  private mutating func probe(at now: Instant) -> Admission {
    let end = Instant(
      nanoseconds: now.nanoseconds.addingClamped(thresholds.probeTimeoutNanoseconds))
    guard leases.count < thresholds.quota(step: rampStep),
      let place = leases.take(until: end, serial: serial &+ 1)
    else { return reject(.probing(retryAt: leases.earliestEnd ?? now)) }
    serial &+= 1
    return .permit(Permit(epoch: epoch, serial: serial, place: Int8(place)))
  }
}

// Mistakes for the simulation to find, or it proves nothing.

/// A mistake put in on purpose, to see that the simulation finds such a one.
enum PlantedBug: CaseIterable {
  /// Outside actions start before the batch that releases them is committed.
  case actsBeforeCommit
  /// After a crash a committed result is thrown away and bought again.
  case forgetsResults
  /// After a crash an attempt that may have run is counted as never started.
  case deniesUnknown
  /// After a crash what was reserved and not settled is forgotten: it may have been billed.
  case forgetsReservations
  /// Calls are sent before their reservation is committed.
  case sendsBeforeReserving

  /// Only calls can show it.
  var needsCalls: Bool { self == .forgetsReservations || self == .sendsBeforeReserving }
}

// One watch over all calls of a caller: apart from the calls, because a task and a timer for each took
// as long as judging it.

import Synchronization

/// Ends calls whose time is over.
///
/// It sleeps while there are none; otherwise it looks once a second, or earlier where a call's time ends
/// earlier.
final class CallWatch: Sendable {
  /// A silence, or an answer whose stream stays open, is noticed so late at most.
  static let lookEvery = Duration.seconds(1)

  private struct Call {
    let pulse: CallPulse
    let cancel: @Sendable () -> Void
  }

  /// A sleep until the next look.
  private struct Round {
    let number: Int
    var looksAt: Duration
    let task: Task<Void, Never>
  }

  private struct State {
    var calls: [Int: Call] = [:]
    /// Why the watch ended a call that has not come back yet.
    var expiries: [Int: CallPulse.Expiry] = [:]
    var round: Round?
    var count = 0

    mutating func nextNumber() -> Int {
      count += 1
      return count
    }
  }

  private let clock: CallClock
  private let state = Mutex(State())

  init(_ clock: CallClock) { self.clock = clock }

  /// Performs an exchange, and says why it was cut short when the watch did that.
  func perform(
    _ exchange: CallExchange, _ pulse: CallPulse
  ) async -> (CallTranscript, CallPulse.Expiry?) {
    // A task of its own, since the watch needs something to cancel; it ends before this returns.
    let task = Task { await exchange.perform() }
    let number = begin(Call(pulse: pulse) { task.cancel() })
    let transcript = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    return (transcript, end(number))
  }

  private func begin(_ call: Call) -> Int {
    let due = min(call.pulse.expiry.at, clock.now() + Self.lookEvery)
    return state.withLock { state in
      let number = state.nextNumber()
      state.calls[number] = call
      if let round = state.round, round.looksAt <= due { return number }
      state.round?.task.cancel()
      let round = state.nextNumber()
      state.round = Round(
        number: round, looksAt: due, task: Task { await self.look(at: due, round: round) })
      return number
    }
  }

  private func end(_ number: Int) -> CallPulse.Expiry? {
    state.withLock { state in
      state.calls[number] = nil
      if state.calls.isEmpty {
        state.round?.task.cancel()
        state.round = nil
      }
      return state.expiries.removeValue(forKey: number)
    }
  }

  private func look(at time: Duration, round: Int) async {
    var next: Duration? = time
    while let time = next {
      do {
        try await clock.sleep(time)
      } catch {
        return  // an earlier round goes on instead, or there are no calls
      }
      next = endExpired(round: round)
    }
  }

  /// Ends what has expired; when to look again, if this round still counts.
  private func endExpired(round: Int) -> Duration? {
    let now = clock.now()
    let (expired, next) = state.withLock { state -> ([Call], Duration?) in
      guard state.round?.number == round else { return ([], nil) }
      var expired: [Call] = []
      var next = now + Self.lookEvery
      for (number, call) in state.calls {
        let (at, reason) = call.pulse.expiry
        if at > now {
          next = min(next, at)
        } else {
          expired.append(call)
          state.expiries[number] = reason
          state.calls[number] = nil
        }
      }
      state.round?.looksAt = next
      if state.calls.isEmpty { state.round = nil }
      return (expired, state.round?.looksAt)
    }
    for call in expired { call.cancel() }
    return next
  }
}

// The relay's figures for whoever asks, and the wish for a delivery now: shared with the engine's watch.

import BatchModel
import Synchronization

/// What the relay shows of itself, and hears.
final class OutboxBoard: Sendable {
  private struct State {
    var figures: OutboxFigures?
    var isHurried = false
    var isEnding = false
  }
  private let state = Mutex(State())

  /// `nil` without a sink, and before the relay has begun.
  var figures: OutboxFigures? { state.withLock { $0.figures } }

  func show(_ figures: OutboxFigures) { state.withLock { $0.figures = figures } }

  /// Asks for a delivery without any wait.
  func hurry() { state.withLock { $0.isHurried = true } }

  /// Asks the relay to end when nothing is pending, or cannot be delivered now.
  func end() { state.withLock { $0.isEnding = true } }

  /// Whether a delivery was asked for since the last question.
  func takeHurry() -> Bool {
    state.withLock { state in
      defer { state.isHurried = false }
      return state.isHurried
    }
  }

  var isEnding: Bool { state.withLock { $0.isEnding } }
}

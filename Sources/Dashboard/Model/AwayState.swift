// When the person was last here, and what is asked about the time since.

package import Canvas
package import Resilience

/// The keyboard's silence.
package struct AwayState: Hashable, Sendable {
  /// The last key.
  package var pressedAt: Instant?
  /// When the last key was told to the store.
  package var markedAt: Instant?
  /// Why a report was asked for that has not come.
  package var asked: Reason? = .attached

  package enum Reason: Hashable, Sendable {
    case attached
    /// The first key after a long silence; it does what it means when there is nothing to tell.
    case silence(Key)
    case byHand
  }

  /// A shorter absence than that is none.
  package static let attachSilence = Duration.seconds(600)
  package static let keySilence = Duration.seconds(3600)
  /// Keys are told to the store no more often.
  package static let markSpacing = Duration.seconds(10)
}

// How often a guardian starts a dead engine again.

package import Resilience

/// At most five starts in ten minutes: an engine that dies faster has a cause that a start does not
/// mend.
package struct RestartPolicy: Sendable {
  package static let restartsMax = 5
  package static let window = Duration.seconds(600)
  private var restarts: [Instant] = []

  package init() {}

  /// Notes a death; false when it was one too many.
  package mutating func allowsRestart(at now: Instant) -> Bool {
    restarts.removeAll { $0.duration(to: now) > Self.window }
    guard restarts.count < Self.restartsMax else { return false }
    restarts.append(now)
    return true
  }
}

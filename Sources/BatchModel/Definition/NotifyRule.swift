// Commands that tell a person what happened: when each is started, and what it may say.

/// A command for some of a run's events.
package struct NotifyRule: Hashable, Sendable, Codable {
  /// At least one, without repeats.
  package var events: [NotifyEvent]
  package var command: Command
  /// The longest time it may take; the work never waits for it.
  package var timeout: Duration
  package init(events: [NotifyEvent], command: Command, timeout: Duration = .seconds(30)) {
    self.events = events
    self.command = command
    self.timeout = timeout
  }
}

/// What a person may want to be told of.
package enum NotifyEvent: String, Hashable, Sendable, Codable, CaseIterable {
  /// Nothing is left to do.
  case finished
  case paused
  case stopped
  /// The cap has no room; the run paused or stopped for it.
  case capReached = "cap-reached"
  case breakerOpen = "breaker-open"
  /// A provider's quota or credit is used up.
  case quota
  /// An item failed as none had before.
  case newFailure = "new-failure"
}

extension NotifyRule {
  /// What its templates may use.
  package static let variables = [
    "summary", "event", "why", "batch", "run", "total", "done", "skipped", "failed", "spent",
  ]
}

// What a dashboard draws: one value, taken from the store and the gauges file.

package import Resilience

/// The live figures of an engine: never truth, only news.
package struct Gauges: Hashable, Sendable, Codable {
  package var at: Instant
  package var pid: Int32
  /// Items ended a second, over the last ten seconds.
  package var itemsPerSecond: Double
  package var slotsUsed: Int
  package var slots: Int
  package var windowItems: Int
  /// The write queue's figures.
  package var writes: WriteFigures
  package init(
    at: Instant, pid: Int32, itemsPerSecond: Double, slotsUsed: Int, slots: Int, windowItems: Int,
    writes: WriteFigures
  ) {
    self.at = at
    self.pid = pid
    self.itemsPerSecond = itemsPerSecond
    self.slotsUsed = slotsUsed
    self.slots = slots
    self.windowItems = windowItems
    self.writes = writes
  }
}

/// The write queue's figures since the engine's start.
package struct WriteFigures: Hashable, Sendable, Codable {
  package var queued: Int
  package var written: Int
  package var batches: Int
  package var errors: Int
  /// Operations that wait now.
  package var depth: Int
  package init(queued: Int = 0, written: Int = 0, batches: Int = 0, errors: Int = 0, depth: Int = 0)
  {
    self.queued = queued
    self.written = written
    self.batches = batches
    self.errors = errors
    self.depth = depth
  }
}

/// Whether an engine works on the run.
package enum EngineLiveness: Hashable, Sendable {
  /// An engine holds the lock; its newest gauges, if it wrote any.
  case live(Gauges?)
  /// Nobody holds the lock.
  case absent
}

/// The state of a run at one moment.
package struct RunSnapshot: Hashable, Sendable {
  package var at: Instant
  package var summary: RunSummary
  package var engine: EngineLiveness
  package var groups: [FailureGroup]
  /// When the next waiting item is due.
  package var nextDue: Instant?
  /// Requests that can still be taken back, oldest first.
  package var pendingRequests: [Request]
  package init(
    at: Instant, summary: RunSummary, engine: EngineLiveness, groups: [FailureGroup],
    nextDue: Instant?, pendingRequests: [Request]
  ) {
    self.at = at
    self.summary = summary
    self.engine = engine
    self.groups = groups
    self.nextDue = nextDue
    self.pendingRequests = pendingRequests
  }
}

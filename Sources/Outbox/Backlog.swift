// What waits for a sink, counted once and kept by differences, and what is given up when it is too much.

package import BatchModel
package import Resilience

/// The events between a sink's cursor and the ledger's end, in numbers.
package struct Backlog: Hashable, Sendable {
  /// How much may wait, and how long.
  package struct Bounds: Hashable, Sendable {
    package var bytesMax: Int
    package var keep: Duration
    package init(bytesMax: Int, keep: Duration) {
      self.bytesMax = bytesMax
      self.keep = keep
    }
  }

  package private(set) var cursor: OutboxCursor
  /// Everything up to here is counted.
  package private(set) var tail: Int64
  package private(set) var pending = 0
  package private(set) var sizeBytes = 0

  package init(_ cursor: OutboxCursor) {
    self.cursor = cursor
    tail = cursor.position
  }

  /// Counts new events, in order.
  package mutating func count(_ entries: [OutboxEntry]) {
    for entry in entries {
      precondition(entry.sequence > tail, "an event is counted once")
      tail = entry.sequence
      if cursor.isPending(entry) { add(entry, 1) }
    }
    if pending == 0 { cursor.position = tail }
  }

  /// The oldest pending events were delivered.
  package mutating func deliver(_ entries: [OutboxEntry], at now: Instant) {
    settle(entries)
    cursor.delivered += Int64(entries.count)
    cursor.deliveredAt = now
  }

  /// The oldest pending event was refused.
  package mutating func refuse(_ entry: OutboxEntry) {
    settle([entry])
    cursor.failed += 1
  }

  private mutating func settle(_ entries: [OutboxEntry]) {
    for entry in entries where cursor.isPending(entry) { add(entry, -1) }
    cursor.position = max(cursor.position, entries.last?.sequence ?? 0)
    if pending == 0 { cursor.position = max(cursor.position, tail) }
  }

  private mutating func add(_ entry: OutboxEntry, _ sign: Int) {
    pending += sign
    sizeBytes += sign * entry.sizeBytes
  }

  // MARK: Giving up

  /// What trimming looks at next.
  package enum Trim: Hashable, Sendable {
    case nothing
    /// Show the pending low-ranking events after this sequence.
    case low(after: Int64)
    /// Show the pending events after this sequence: the low-ranking ones are gone.
    case high(after: Int64)
  }

  /// Whether too much waits, and what to give up first.
  ///
  /// Below the bound by a tenth afterwards, so that it is not done for each new event.
  package func trim(_ bounds: Bounds) -> Trim {
    guard sizeBytes > bounds.bytesMax else { return .nothing }
    let lowStart = max(cursor.position, cursor.lowFloor)
    return lowStart < tail ? .low(after: lowStart) : .high(after: cursor.position)
  }

  /// Gives up the oldest of the low-ranking events that are shown, as far as needed.
  ///
  /// - Parameter isLast: There are no further ones up to the tail.
  package mutating func giveUpLow(_ entries: [OutboxEntry], isLast: Bool, _ bounds: Bounds) {
    let target = bounds.bytesMax - bounds.bytesMax / 10
    for entry in entries {
      guard sizeBytes > target else { return }
      if entry.rank == .low, cursor.isPending(entry) { lose(entry) }
      cursor.lowFloor = max(cursor.lowFloor, entry.sequence)
    }
    if isLast, sizeBytes > target { cursor.lowFloor = max(cursor.lowFloor, tail) }
  }

  /// Gives up the oldest events that are shown, as far as needed.
  package mutating func giveUpAny(_ entries: [OutboxEntry], _ bounds: Bounds) {
    let target = bounds.bytesMax - bounds.bytesMax / 10
    for entry in entries {
      guard sizeBytes > target else { return }
      pass(entry)
    }
  }

  /// Gives up what has waited too long, among the oldest events.
  ///
  /// - Returns: whether all of them had: then the next ones are to be shown.
  package mutating func expire(_ entries: [OutboxEntry], _ bounds: Bounds, at now: Instant) -> Bool
  {
    for entry in entries {
      guard entry.at.duration(to: now) > bounds.keep else { return false }
      pass(entry)
    }
    return !entries.isEmpty
  }

  /// Loses an event and everything before it that is no longer of interest.
  private mutating func pass(_ entry: OutboxEntry) {
    if cursor.isPending(entry) { lose(entry) }
    cursor.position = max(cursor.position, entry.sequence)
  }

  private mutating func lose(_ entry: OutboxEntry) {
    add(entry, -1)
    cursor.lost += 1
  }
}

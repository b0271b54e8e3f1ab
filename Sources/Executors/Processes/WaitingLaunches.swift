// The slots, and the orders that wait for one.

import BatchModel
import DequeModule

/// The line in front of the slots: first come, first served.
struct WaitingLaunches {
  private var free: Int
  private var waiting: Deque<ProcessMailbox.Launch> = []

  init(slots: Int) { free = slots }

  var isEmpty: Bool { waiting.isEmpty }

  mutating func append(_ launch: ProcessMailbox.Launch) { waiting.append(launch) }

  /// The next order that may start; it has a slot until `release`.
  mutating func takeStartable() -> ProcessMailbox.Launch? {
    guard free > 0, let next = waiting.popFirst() else { return nil }
    free -= 1
    return next
  }

  /// An order that had a slot is over.
  mutating func release() { free += 1 }

  mutating func remove(_ id: AttemptID) -> ProcessMailbox.Launch? {
    guard let index = waiting.firstIndex(where: { $0.order.id == id }) else { return nil }
    return waiting.remove(at: index)
  }

  mutating func removeAll() -> [ProcessMailbox.Launch] {
    defer { waiting = [] }
    return Array(waiting)
  }
}

// Launches that the host could not afford: tried again soon, given up after a while.

import BatchModel

/// Orders that met a shortage of processes, memory or descriptors.
struct PostponedLaunches {
  private struct Entry {
    var launch: ProcessMailbox.Launch
    var giveUpAt: UInt64
  }

  private static let retryPause: UInt64 = 200_000_000
  private static let patience: UInt64 = 10_000_000_000
  private var entries: [Entry] = []
  /// Launches under way again, with the end of the patience that they began with.
  private var deadlines: [AttemptID: UInt64] = [:]
  private(set) var retryAt = UInt64.max

  /// Keeps the launch for another try; `false` when it has been tried for long enough.
  mutating func add(_ launch: ProcessMailbox.Launch, at now: UInt64) -> Bool {
    let giveUpAt = deadlines.removeValue(forKey: launch.order.id) ?? now + Self.patience
    guard now < giveUpAt else { return false }
    entries.append(Entry(launch: launch, giveUpAt: giveUpAt))
    retryAt = now + Self.retryPause
    return true
  }

  mutating func takeForRetry() -> [ProcessMailbox.Launch] {
    deadlines = [:]
    for entry in entries { deadlines[entry.launch.order.id] = entry.giveUpAt }
    return removeAll()
  }

  mutating func remove(_ id: AttemptID) -> ProcessMailbox.Launch? {
    guard let index = entries.firstIndex(where: { $0.launch.order.id == id }) else { return nil }
    return entries.remove(at: index).launch
  }

  /// Removes the launches that hold a slot.
  mutating func removeSlotTakers() -> [ProcessMailbox.Launch] {
    let taken = entries.map(\.launch).filter(\.order.takesSlot)
    entries.removeAll(where: \.launch.order.takesSlot)
    if entries.isEmpty { retryAt = .max }
    return taken
  }

  mutating func removeAll() -> [ProcessMailbox.Launch] {
    defer {
      entries = []
      retryAt = .max
    }
    return entries.map(\.launch)
  }
}

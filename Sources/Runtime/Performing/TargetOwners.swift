// Who publishes where, until receipts say it: two items with one target must not take turns.

import BatchModel
import Synchronization

/// The targets of an engine's newest publications.
final class TargetOwners: Sendable {
  private struct State {
    var owners: [String: Owner] = [:]
    /// Paths in the order in which they were taken; the oldest are in the store by now.
    var order: [String] = []
  }
  private struct Owner {
    let item: ItemID
    let key: String
  }
  private static let pathsMax = 20_000
  private let state = Mutex(State())

  /// Notes the item as the one that publishes at the path; gives the key of another one that does.
  func take(_ path: String, for item: ClaimedItem) -> String? {
    state.withLock { state in
      if let owner = state.owners[path] { return owner.item == item.id ? nil : owner.key }
      state.owners[path] = Owner(item: item.id, key: item.key)
      state.order.append(path)
      if state.order.count > Self.pathsMax {
        for old in state.order.prefix(Self.pathsMax / 2) { state.owners[old] = nil }
        state.order.removeFirst(Self.pathsMax / 2)
      }
      return nil
    }
  }
}

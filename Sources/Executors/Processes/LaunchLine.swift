// The slots, and the orders that wait for one, shared by the loops that start them.

import BatchModel
import DequeModule
import Synchronization

/// The line in front of the slots: first come, first served.
///
/// Each loop has its share of the slots, so that no loop takes all the work. An order is either in
/// the line or taken by a loop, which starts it before it reads its next letter: whoever does not find
/// an order here anymore reaches it by a letter.
final class LaunchLine: Sendable {
  private struct State {
    var waiting: Deque<ProcessMailbox.Launch> = []
    /// Slots by loop.
    var shares: [Int]
    /// Free slots by loop; negative where more runs than a lower number allows.
    var free: [Int]
    var isClosed = false
  }

  private let state: Mutex<State>

  init(slots: Int, loops: Int) {
    let shares = Self.shares(of: slots, loops)
    state = Mutex(State(shares: shares, free: shares))
  }

  private static func shares(of slots: Int, _ loops: Int) -> [Int] {
    (0..<loops).map { slots / loops + ($0 < slots % loops ? 1 : 0) }
  }

  /// Another number of slots; what has one keeps it.
  ///
  /// - Returns: the loops that have a free slot and are to be told.
  func resize(slots: Int) -> [Int] {
    state.withLock { state in
      let shares = Self.shares(of: slots, state.shares.count)
      for loop in shares.indices { state.free[loop] += shares[loop] - state.shares[loop] }
      state.shares = shares
      return state.waiting.isEmpty ? [] : state.free.indices.filter { state.free[$0] > 0 }
    }
  }

  var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

  /// - Returns: the loops that have a free slot and are to be told, all of them, since one may take an
  ///   earlier order instead; `nil` when the line is closed.
  func append(_ launch: ProcessMailbox.Launch) -> [Int]? {
    state.withLock { state in
      guard !state.isClosed else { return nil }
      state.waiting.append(launch)
      return state.free.indices.filter { state.free[$0] > 0 }
    }
  }

  /// The next order that a loop may start; it has one of the loop's slots until `release`.
  func takeStartable(by loop: Int) -> ProcessMailbox.Launch? {
    state.withLock { state in
      guard state.free[loop] > 0, let next = state.waiting.popFirst() else { return nil }
      state.free[loop] -= 1
      return next
    }
  }

  /// An order of the loop that had a slot is over.
  func release(by loop: Int) { state.withLock { $0.free[loop] += 1 } }

  func remove(_ id: AttemptID) -> ProcessMailbox.Launch? {
    state.withLock { state in
      guard let index = state.waiting.firstIndex(where: { $0.order.id == id }) else { return nil }
      return state.waiting.remove(at: index)
    }
  }

  func removeAll() -> [ProcessMailbox.Launch] {
    state.withLock { state in
      defer { state.waiting = [] }
      return Array(state.waiting)
    }
  }

  /// Takes no more orders.
  ///
  /// - Returns: those that waited.
  func close() -> [ProcessMailbox.Launch] {
    state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [] }
      return Array(state.waiting)
    }
  }
}

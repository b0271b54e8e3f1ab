// The queue before a gate, and what of the gate's state is news.

import BatchModel
import DequeModule
import Resilience

/// Items that wait for one kind of room, in the order in which they may start; may name items that
/// left.
struct GateQueue: Sendable {
  private var fresh: Deque<ItemID> = []
  /// Those that have begun: they start first.
  private var begun: Deque<ItemID> = []

  var isEmpty: Bool { fresh.isEmpty && begun.isEmpty }

  mutating func append(_ id: ItemID, hasBegun: Bool) {
    if hasBegun { begun.append(id) } else { fresh.append(id) }
  }

  /// The next item, those that have begun first.
  mutating func popFirst() -> (ItemID, hasBegun: Bool)? {
    if let id = begun.popFirst() { return (id, true) }
    return fresh.popFirst().map { ($0, false) }
  }

  mutating func putBack(_ id: ItemID, hasBegun: Bool) {
    if hasBegun { begun.prepend(id) } else { fresh.prepend(id) }
  }

  /// Puts the first item that passes before all others; false when none does.
  mutating func bringForward(where passes: (ItemID) -> Bool) -> Bool {
    if let index = begun.firstIndex(where: passes) {
      begun.prepend(begun.remove(at: index))
      return true
    }
    guard let index = fresh.firstIndex(where: passes) else { return false }
    begun.prepend(fresh.remove(at: index))
    return true
  }
}

extension Gate {
  /// Whether asking again could end otherwise than the last time.
  func mayHaveRoom(at now: Instant) -> Bool {
    guard let block else { return true }
    if isStirred { return true }
    return block.until.map { $0 <= now } ?? false
  }

  /// A block that holds whoever asks: it is known without a call.
  mutating func standingBlock(at now: Instant) -> Block? {
    isStirred = false
    if let heldUntil {
      if heldUntil > now {
        return Block(reason: holdReason, until: heldUntil, why: holdWhy)
      }
      self.heldUntil = nil
    }
    return breakerBlock(at: now)
  }

  /// A state as the ledger tells it.
  struct News: Hashable, Sendable {
    var word: String
    var until: Instant?
  }

  private var isClosed: Bool { breaker.state == .closed }

  /// The state, when it is not what was told last.
  mutating func news(at now: Instant) -> News? {
    let current: News
    if let heldUntil, heldUntil > now {
      current = News(word: holdReason == .quota ? "held" : "rate-limited", until: heldUntil)
    } else if case .open(let until) = breaker.state {
      current = News(word: "breaker-open", until: until)
    } else if let blocked = limiter.blockedUntil(at: now) {
      // The 429s of one burst are one piece of news.
      if told?.word == "rate-limited" { return nil }
      current = News(word: "rate-limited", until: blocked)
    } else if let told, ["held", "rate-limited", "freed"].contains(told.word), isClosed {
      current = News(word: "freed")
    } else {
      current = News(word: "breaker-\(breaker.state.word)")
    }
    guard current != told else { return nil }
    let isFirst = told == nil && isClosed && current.until == nil
    told = current
    return isFirst ? nil : current
  }
}

extension MultiDimensionalLimiter {
  /// Until when a 429 blocks, if it still does.
  fileprivate func blockedUntil(at now: Instant) -> Instant? {
    [requests, inputTokens, outputTokens].compactMap { $0?.blockedUntil }.filter { $0 > now }.max()
  }
}

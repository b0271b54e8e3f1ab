// The items that the engine holds: memory only, so that a crash gives every one of them back.

import BatchModel

/// The engine's window as the store sees it.
struct Window {
  struct Held {
    var run: Int64
    /// Queued or waiting; otherwise running.
    var isOpen: Bool
    var isCanary: Bool
    var isFocus: Bool
  }

  private(set) var held: [Int64: Held] = [:]

  func contains(_ item: Int64) -> Bool { held[item] != nil }

  mutating func hold(_ item: Int64, _ entry: Held) { held[item] = entry }

  mutating func release(_ item: Int64) { held[item] = nil }

  mutating func setOpen(_ item: Int64, _ isOpen: Bool) { held[item]?.isOpen = isOpen }

  mutating func setMarks(_ item: Int64, isCanary: Bool, isFocus: Bool) {
    held[item]?.isCanary = isCanary
    held[item]?.isFocus = isFocus
  }

  /// Held items of the scope that the tables still count as queued or waiting.
  func openCount(in scope: ClaimScope, of run: Int64) -> Int {
    held.values.count { entry in
      guard entry.isOpen, entry.run == run else { return false }
      switch scope {
      case .all: return true
      case .canary: return entry.isCanary
      case .focus: return entry.isFocus
      }
    }
  }
}

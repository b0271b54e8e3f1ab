// The queue's columns by name: what `:columns` takes.

/// A column of the queue; the item's own is always there.
package enum QueueColumn: String, Hashable, Sendable, CaseIterable {
  case state, item, step
  case tries = "try"
  case age = "for"
  case cost
  case note
}

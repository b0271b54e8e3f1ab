// Items that would run because of what runs before them: their keys cover its results, which are not
// there yet.

import BatchModel

/// Finds the kept items whose `after` items would run.
struct Followers {
  private struct Waiting {
    var item: PlannedItem
    var after: [String]
  }
  private var changing: Set<SourceKeys.Print> = []
  /// Kept items that come after items that the source names later.
  private var waiting: [Waiting] = []

  /// What the plan says of the item; `nil` when that depends on items that are still to come.
  mutating func judged(
    _ item: PlannedItem, after: [String], known: SourceKeys
  ) -> PlannedItem? {
    switch item.fate {
    case .runs:
      changing.insert(SourceKeys.Print(item.key))
      return item
    case .fails, .follows: return item
    case .kept, .restored: break
    }
    if let cause = cause(among: after) { return follow(item, cause) }
    guard after.contains(where: { !known.contains($0) }) else { return item }
    waiting.append(Waiting(item: item, after: after))
    return nil
  }

  /// The items that waited, at the end of the source.
  mutating func rest() -> [PlannedItem] {
    var settled: [PlannedItem] = []
    var isMoving = true
    while isMoving {
      isMoving = false
      var left: [Waiting] = []
      for entry in waiting {
        guard let cause = cause(among: entry.after) else {
          left.append(entry)
          continue
        }
        settled.append(follow(entry.item, cause))
        isMoving = true
      }
      waiting = left
    }
    return settled + waiting.map(\.item)
  }

  private func cause(among keys: [String]) -> String? {
    keys.first { changing.contains(SourceKeys.Print($0)) }
  }

  private mutating func follow(_ item: PlannedItem, _ cause: String) -> PlannedItem {
    changing.insert(SourceKeys.Print(item.key))
    var item = item
    item.fate = .follows(cause)
    return item
  }
}

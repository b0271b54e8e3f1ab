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
  /// Keys whose items are judged.
  private var judged: Set<SourceKeys.Print> = []
  /// Kept items that come after items that are not judged yet.
  private var waiting: [Waiting] = []

  /// What the plan says of the item; `nil` when that depends on items that are still to come.
  mutating func judge(_ item: PlannedItem, after: [String]) -> PlannedItem? {
    let print = SourceKeys.Print(item.key)
    switch item.fate {
    case .runs: changing.insert(print)
    case .fails, .follows: break
    case .kept, .restored:
      if let cause = cause(among: after) { return follow(item, cause) }
      guard after.allSatisfy({ judged.contains(SourceKeys.Print($0)) }) else {
        waiting.append(Waiting(item: item, after: after))
        return nil
      }
    }
    judged.insert(print)
    return item
  }

  /// The items that waited, at the end of the source, in its order.
  mutating func rest() -> [PlannedItem] {
    var dependants: [SourceKeys.Print: [Int]] = [:]
    for (index, entry) in waiting.enumerated() {
      for key in entry.after { dependants[SourceKeys.Print(key), default: []].append(index) }
    }
    var front = waiting.indices.filter { cause(among: waiting[$0].after) != nil }
    var reached = Set(front)
    while let index = front.popLast() {
      guard let cause = cause(among: waiting[index].after) else { continue }
      waiting[index].item = follow(waiting[index].item, cause)
      let next = dependants[SourceKeys.Print(waiting[index].item.key)] ?? []
      front += next.filter { reached.insert($0).inserted }
    }
    return waiting.map(\.item)
  }

  private func cause(among keys: [String]) -> String? {
    keys.first { changing.contains(SourceKeys.Print($0)) }
  }

  private mutating func follow(_ item: PlannedItem, _ cause: String) -> PlannedItem {
    changing.insert(SourceKeys.Print(item.key))
    judged.insert(SourceKeys.Print(item.key))
    var item = item
    item.fate = .follows(cause)
    return item
  }
}

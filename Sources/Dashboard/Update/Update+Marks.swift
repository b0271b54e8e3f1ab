// Marks: single rows, ranges, and all that a filter shows.

import BatchModel

extension DashboardModel {
  /// So many items are marked at most: the ids of a mark travel in a request.
  static let marksMax = 100_000

  mutating func toggleMark() -> [DashboardCommand] {
    guard let row = queue.selectedRow else {
      say("the selected item is not in view")
      return []
    }
    if queue.marks.removeValue(forKey: row.id) == nil { queue.marks[row.id] = row.key }
    return moveSelection(by: 1)
  }

  mutating func toggleRange() -> [DashboardCommand] {
    guard queue.rangeStart != nil else {
      queue.rangeStart = queue.selectedRow?.id
      return []
    }
    for row in queue.rangeRows { queue.marks[row.id] = row.key }
    queue.rangeStart = nil
    return fillQueue()
  }

  mutating func markAll() -> [DashboardCommand] {
    say("marking all that the filter shows")
    let query = queue.query(.first, limit: 1000)
    return [.collectMarks(query, limitMax: Self.marksMax)]
  }

  /// Marks for a filter that is no longer set are old news.
  mutating func take(
    marked items: [MarkedItem], for filter: ItemFilter, isComplete: Bool
  ) -> [DashboardCommand] {
    guard filter == queue.filter else { return [] }
    for item in items.prefix(Self.marksMax) { queue.marks[item.id] = item.key }
    let count = Wording.count(queue.marks.count)
    say(
      isComplete
        ? "\(count) marked" : "the first \(count) are marked; a narrower filter marks the rest")
    return []
  }
}

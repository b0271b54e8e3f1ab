// Moves of many items at once: what a request or the source does to each, live and replayed.

import BatchModel
import Foundation

extension Transaction {
  /// Does to one item what an action says; the event names all of them.
  func perform(
    _ action: ItemAction, on id: ItemID, by author: String, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    var item = try item(id, in: run)
    switch action {
    case .retry(let fromStep, let overrides):
      try requeue(&item, fromStep: fromStep, overrides, by: author, at: at, of: run)
    case .skip(let reason):
      let why: SkipReason = author == Author.dependencies ? .dependencyFailed : .byHand
      let placement = Placement(
        .skipped, step: item.step, tries: item.tries, skipReason: why, note: reason)
      try place(&item, placement, hold: .given, at: at, of: run)
    case .cancel(let reason):
      if author == Author.source {
        try connection("UPDATE items SET gone = 1 WHERE id = ?").run(item.id)
      }
      let placement = Placement(.cancelled, step: item.step, tries: item.tries, note: reason)
      try place(&item, placement, hold: .given, at: at, of: run)
    case .accept(let reason, let overwrite):
      try accept(
        &item, reason: reason, overwrite: overwrite, by: author, at: at, of: run)
    case .sendBack(let feedback):
      try sendBack(&item, feedback: feedback, at: at, of: run)
    }
  }

  private func requeue(
    _ item: inout ItemRecord, fromStep: Int?, _ overrides: Overrides, by author: String,
    at: Int64, of run: RunRecord
  ) throws(StoreError) {
    let step = fromStep ?? item.step
    guard run.steps.indices.contains(step) else {
      throw .conflict(reason: "run \(run.id) has no step \(step)")
    }
    if overrides.force || step != item.step { item.pending = nil }
    // What a dependency held up goes on where it was; a person's retry has its tries again.
    let tries = author == Author.dependencies && fromStep == nil ? item.tries : 0
    try place(
      &item, Placement(.queued, step: step, tries: tries), hold: .given, at: at, of: run)
    guard overrides != Overrides() else { return }
    var kept = overrides
    if overrides.prompt != nil || overrides.params != nil {
      kept.editedStep = overrides.editedStep ?? step
    }
    try connection("UPDATE items SET overrides = ? WHERE id = ?")
      .run(EventCoding.text(of: kept), item.id)
  }

  /// Queues the finished items again that come after `causes`, however far away: their keys cover
  /// what those produced.
  func requeueDependants(
    of causes: [Int64], at: Int64, of run: RunRecord
  ) throws(StoreError) {
    guard run.hasEdges else { return }
    var reached = Set(causes)
    var front = causes
    var found: [Int64] = []
    while let item = front.popLast() {
      let dependants = try connection("SELECT item FROM edges WHERE run = ? AND needs = ?")
        .all(run.number, item) { row in row.int(0) }
      for dependant in dependants where reached.insert(dependant).inserted {
        front.append(dependant)
        found.append(dependant)
      }
    }
    var finished: [Int64] = []
    for id in found.sorted() where !window.contains(id) {
      let item = try self.item(ItemID(id), in: run)
      if Standing(item.state, item.skipReason).isSatisfied { finished.append(id) }
    }
    try requeueFromStart(finished, by: Author.dependencies, at: at, of: run)
  }

  /// Queues items again from their first step, for their keys to be compared.
  func requeueFromStart(
    _ items: [Int64], by author: String, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    guard !items.isEmpty else { return }
    let action = ItemAction.retry(fromStep: 0, overrides: Overrides())
    try appendMoved(items, action, by: author, at: at, of: run)
    try deferringDependants(at: at, of: run) { () throws(StoreError) in
      for item in items { try perform(action, on: ItemID(item), by: author, at: at, of: run) }
    }
  }

  // MARK: Replay

  /// Repeats what an `items.moved` event tells.
  func applyItemsMoved(_ moved: ItemsMoved, of run: RunRecord, at: Int64) throws(StoreError) {
    guard mode == .replay else { throw .conflict(reason: "items are moved in bulk by `move`") }
    for item in try itemNumbers(of: moved.object) {
      try perform(moved.action, on: item, by: moved.by, at: at, of: run)
    }
  }

  func applyNoted(_ noted: Noted, of run: RunRecord, at: Int64) throws(StoreError) {
    guard mode == .replay else {
      guard !noted.code.hasPrefix(":") else {
        throw .conflict(reason: "the note \(noted.code) is the store's own")
      }
      return
    }
    switch noted.code {
    case sourceClosedCode: _ = try resolveDependencies(of: run, at: at)
    case requestCode: try rememberRequest(noted, of: run, at: at)
    default: break
    }
  }

  private func itemNumbers(of object: Digest) throws(StoreError) -> [ItemID] {
    do {
      return try objects.bytes(of: object).split(separator: 0x0a).map { line in
        guard let number = Int64(String(decoding: line, as: UTF8.self)) else {
          throw StoreError.corrupt(path: "\(object)", reason: "not a list of items")
        }
        return ItemID(number)
      }
    } catch {
      throw .wrapping(error, path: "objects")
    }
  }
}

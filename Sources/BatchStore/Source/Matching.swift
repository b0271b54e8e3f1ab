// A chunk of the source written down: all new, or matched by key and occurrence.

import BatchModel

extension Transaction {
  /// Enqueues items of a run that has had none.
  func enqueue(
    _ items: ArraySlice<SourceItem>, _ comparison: inout SourceComparison, of run: RunRecord,
    at: Int64
  ) throws(StoreError) {
    let first = try nextItem()
    var next = first
    var lines: [UInt8] = []
    var batch = EnqueuedBatch()
    for item in items {
      batch.append(item, using: &comparison.writer, lines: &lines)
      guard batch.isFull else { continue }
      try insert(&batch, id: next, ordinal: comparison.offered + 1, at: at, of: run)
      next += Int64(EnqueuedBatch.size)
      comparison.offered += Int64(EnqueuedBatch.size)
    }
    for encoded in batch.items {
      comparison.offered += 1
      try insertNext(encoded, id: next, ordinal: comparison.offered, at: at, of: run)
      next += 1
    }
    comparison.added += items.count
    count(items.count, .queued, scope: .all, in: run)
    try finish(lines, count: items.count, first: first, &comparison, of: run, at: at)
  }

  /// Matches items with the run's rows by key and occurrence, and writes down the differences.
  func match(
    _ items: ArraySlice<SourceItem>, _ comparison: inout SourceComparison, of run: RunRecord,
    at: Int64
  ) throws(StoreError) {
    if comparison.seen.isEmpty, comparison.offered > 0 {
      try markSeen(upTo: comparison.offered, &comparison, of: run)
    }
    var chunk = MatchedChunk(next: try nextItem())
    let first = chunk.next
    try deferringDependants(at: at, of: run) { () throws(StoreError) in
      for item in items {
        comparison.offered += 1
        try match(item, &comparison, &chunk, of: run, at: at)
      }
      guard chunk.count > 0 else { return }
      try finish(
        chunk.lines, count: chunk.count, first: first, &comparison, of: run, at: at)
    }
    if !chunk.changed.isEmpty {
      try requeueDependants(of: chunk.changed, at: at, of: run)
    }
  }

  private struct MatchedChunk {
    var lines: [UInt8] = []
    var count = 0
    var next: Int64
    var changed: [Int64] = []
    init(next: Int64) { self.next = next }
  }

  private func match(
    _ item: SourceItem, _ comparison: inout SourceComparison, _ chunk: inout MatchedChunk,
    of run: RunRecord, at: Int64
  ) throws(StoreError) {
    let encoded = EncodedItem(
      key: item.key, payload: item.payload, after: item.after, using: &comparison.writer)
    let occurrence = try occurrence(of: item.key, &comparison, in: run)
    let ordinal = comparison.offered
    guard let row = try compared(encoded, occurrence: occurrence, in: run) else {
      try insert(encoded, id: chunk.next, ordinal: ordinal, occurrence: occurrence, at: at, of: run)
      try insertSource(encoded, id: chunk.next)
      comparison.seen.insert(chunk.next)
      encoded.appendLine(to: &chunk.lines, occurrence: occurrence, ordinal: ordinal)
      count(1, .queued, scope: .all, in: run)
      chunk.next += 1
      chunk.count += 1
      comparison.added += 1
      return
    }
    comparison.seen.insert(row.id)
    let isChanged = !row.isSame && !window.contains(row.id)
    guard isChanged || row.ordinal != ordinal else { return }
    if row.ordinal != ordinal { try setOrdinal(ordinal, of: row.id) }
    chunk.count += 1
    // What the engine holds runs on with what it was given; the next comparison finds it again.
    guard isChanged else {
      EncodedItem.appendMove(
        of: item.key, occurrence: occurrence, to: ordinal, lines: &chunk.lines)
      return
    }
    encoded.appendLine(to: &chunk.lines, occurrence: occurrence, ordinal: ordinal)
    try change(row.id, to: encoded, at: at, of: run)
    chunk.changed.append(row.id)
    comparison.changed += 1
  }

  private func compared(
    _ item: EncodedItem, occurrence: Int, in run: RunRecord
  ) throws(StoreError) -> (id: Int64, ordinal: Int64, isSame: Bool)? {
    try connection(
      """
      SELECT items.id, items.ordinal, items.gone, sources.payload, sources.after
      FROM items JOIN sources ON sources.item = items.id
      WHERE items.run = ? AND items.key = ? AND items.occurrence = ?
      """
    ).first(run.number, item.key, occurrence) { row in
      let isSame =
        !row.flag(2) && row.equals(item.payload, 3) && row.equals(item.after, 4)
      return (row.int(0), row.int(1), isSame)
    }
  }

  /// How often the key was offered, this time included.
  private func occurrence(
    of key: String, _ comparison: inout SourceComparison, in run: RunRecord
  ) throws(StoreError) -> Int {
    if let last = comparison.occurrences[key] {
      comparison.occurrences[key] = last + 1
      return last + 1
    }
    // Usually the key is new to the comparison, which its first row's absence from `seen` shows.
    let rows = try connection("SELECT id FROM items WHERE run = ? AND key = ? ORDER BY occurrence")
      .firstRows(run.number, key, while: { comparison.seen.contains($0.int(0)) })
    if rows > 0 { comparison.occurrences[key] = rows + 1 }
    return rows + 1
  }

  /// The rows that were compared in lockstep, before the first difference.
  private func markSeen(
    upTo ordinal: Int64, _ comparison: inout SourceComparison, of run: RunRecord
  ) throws(StoreError) {
    var seen = comparison.seen
    try connection("SELECT id FROM items WHERE run = ? AND ordinal <= ? AND gone = 0")
      .forEach(run.number, ordinal) { row in seen.insert(row.int(0)) }
    comparison.seen = seen
  }

  private func finish(
    _ lines: [UInt8], count: Int, first: Int64, _ comparison: inout SourceComparison,
    of run: RunRecord, at: Int64
  ) throws(StoreError) {
    let enqueued = ItemsEnqueued(
      run: run.id, count: count, object: try store(lines), first: ItemID(first))
    try append(.itemsEnqueued(enqueued), of: run, at: at)
    try setSourceOpen(true, of: run)
    comparison.hasWritten = true
  }
}

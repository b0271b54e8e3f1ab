// Where a run's events lie: what somebody looks up who moves about in its past.

package import BatchModel
import Foundation
package import Resilience

extension SQLiteReading {
  /// The run's first and newest event; `nil` when there is no such run.
  package func ends(of run: RunID) throws(StoreError) -> (first: PastEvent, last: PastEvent)? {
    try read { connection throws(StoreError) in
      guard let span = try connection.span(of: run),
        let first = try connection.event(in: span, upTo: span.first),
        let last = try connection.event(in: span, upTo: span.last)
      else { return nil }
      return (first, last)
    }
  }

  /// The newest event up to a sequence; `nil` before the first.
  package func event(of run: RunID, upTo sequence: Int64) throws(StoreError) -> PastEvent? {
    try read { connection throws(StoreError) in
      guard let span = try connection.span(of: run) else { return nil }
      return try connection.event(in: span, upTo: sequence)
    }
  }

  /// The event so many places after the one at a sequence; negative counts go back.
  ///
  /// Stops at the run's ends.
  package func event(
    of run: RunID, from sequence: Int64, by count: Int
  ) throws(StoreError) -> PastEvent? {
    guard count != 0 else { return try event(of: run, upTo: sequence) }
    return try read { connection throws(StoreError) in
      guard let span = try connection.span(of: run) else { return nil }
      if let event = try connection.events(in: span, from: sequence, by: count).last {
        return event
      }
      return try connection.event(in: span, upTo: sequence)
    }
  }

  /// The newest event that was not later than a time; `nil` before the first.
  ///
  /// The ledger's order is that of its times, as long as nobody sets a clock back.
  ///
  /// *Cost*: some twenty look-ups.
  package func event(of run: RunID, at time: Instant) throws(StoreError) -> PastEvent? {
    try read { connection throws(StoreError) in
      guard let span = try connection.span(of: run) else { return nil }
      var found: PastEvent?
      var low = span.first
      var high = span.last
      while low <= high {
        let middle = low + (high - low) / 2
        guard let event = try connection.event(in: span, upTo: middle) else { break }
        if event.at <= time {
          found = event
          low = middle + 1
        } else {
          high = event.sequence - 1
        }
      }
      return found
    }
  }

  /// The next failure of an item or change of a provider, or the one before.
  ///
  /// - Parameter goesOn: asked some thousands of events apart; ends the search when it says no.
  package func trouble(
    of run: RunID, from sequence: Int64, isForward: Bool, while goesOn: () -> Bool
  ) throws(StoreError) -> PastEvent? {
    guard let span = try read({ connection throws(StoreError) in try connection.span(of: run) })
    else { return nil }
    var place = sequence
    while isForward ? place < span.last : place > span.first, goesOn() {
      let end = isForward ? place + Self.searchedAtOnce : place - Self.searchedAtOnce
      let found = try read { connection throws(StoreError) in
        isForward
          ? try connection.firstTrouble(in: span, from: place + 1, to: end)
          : try connection.lastTrouble(in: span, from: end, to: place - 1)
      }
      if let found { return found }
      place = end
    }
    return nil
  }

  private static var searchedAtOnce: Int64 { 20_000 }

  /// How many items failed in each part of the run's time that are failed now.
  package func failures(
    of run: RunID, from first: Instant, to last: Instant, parts: Int
  ) throws(StoreError) -> [Int] {
    let span = max(1, last.milliseconds - first.milliseconds + 1)
    return try read { connection throws(StoreError) in
      guard let record = try connection.runRecord(run) else { return [] }
      var counts = [Int](repeating: 0, count: parts)
      try connection(
        """
        SELECT min(max((since - ?2) * ?4 / ?3, 0), ?4 - 1), count(*)
        FROM items INDEXED BY items_failed WHERE run = ?1 AND state = 0 GROUP BY 1
        """
      ).forEach(record.number, first.milliseconds, span, parts) { row in
        counts[row.count(0)] += row.count(1)
      }
      return counts
    }
  }

  /// The next events of a run, as a replay needs them.
  func recorded(
    of run: RunID, after sequence: Int64, upTo end: Int64, limit: Int
  ) throws(StoreError) -> [(event: RecordedEvent, change: Change)] {
    try read { connection throws(StoreError) in
      try connection(
        """
        SELECT events.sequence, events.at, events.body FROM runs CROSS JOIN events
        WHERE runs.name = ?1 AND events.run = runs.id
          AND events.sequence > max(?2, runs.first_sequence - 1) AND events.sequence <= ?3
        ORDER BY events.sequence LIMIT ?4
        """
      ).all(run.text, sequence, end, limit) { row throws(StoreError) in
        let change = try row.json(Change.self, 2)
        let event = RecordedEvent(
          sequence: row.int(0), run: run, at: row.int(1), kind: change.kind,
          body: row.withText(2) { Array($0) })
        return (event, change)
      }
    }
  }
}

/// Between which sequences a run's events lie, among those of other runs.
private struct EventSpan {
  var run: Int64
  var first: Int64
  var last: Int64
}

extension Connection {
  fileprivate func span(of run: RunID) throws(StoreError) -> EventSpan? {
    try self("SELECT id, first_sequence, last_sequence FROM runs WHERE name = ?")
      .first(run.text) { row in EventSpan(run: row.int(0), first: row.int(1), last: row.int(2)) }
  }

  fileprivate func event(
    in span: EventSpan, upTo sequence: Int64
  ) throws(StoreError) -> PastEvent? {
    try self(
      """
      SELECT sequence, at FROM events WHERE run = ? AND sequence BETWEEN ? AND ?
      ORDER BY sequence DESC LIMIT 1
      """
    ).first(span.run, span.first, sequence) { row in row.pastEvent }
  }

  fileprivate func events(
    in span: EventSpan, from sequence: Int64, by count: Int
  ) throws(StoreError) -> [PastEvent] {
    if count > 0 {
      return try self(
        """
        SELECT sequence, at FROM events WHERE run = ? AND sequence > ? AND sequence <= ?
        ORDER BY sequence LIMIT ?
        """
      ).all(span.run, max(sequence, span.first - 1), span.last, count) { row in row.pastEvent }
    }
    return try self(
      """
      SELECT sequence, at FROM events WHERE run = ? AND sequence < ? AND sequence >= ?
      ORDER BY sequence DESC LIMIT ?
      """
    ).all(span.run, sequence, span.first, -count) { row in row.pastEvent }
  }

  // A quotation mark inside a JSON string stands behind a backslash: these are members, not notes.
  fileprivate func firstTrouble(
    in span: EventSpan, from start: Int64, to end: Int64
  ) throws(StoreError) -> PastEvent? {
    try self(
      """
      SELECT sequence, at FROM events
      WHERE run = ? AND sequence BETWEEN ? AND ? AND (instr(body, '"type":"provider.moved"') > 0
        OR (instr(body, '"to":"failed"') > 0 AND instr(body, '"type":"item.moved"') > 0))
      ORDER BY sequence LIMIT 1
      """
    ).first(span.run, max(start, span.first), min(end, span.last)) { row in row.pastEvent }
  }

  fileprivate func lastTrouble(
    in span: EventSpan, from start: Int64, to end: Int64
  ) throws(StoreError) -> PastEvent? {
    try self(
      """
      SELECT sequence, at FROM events
      WHERE run = ? AND sequence BETWEEN ? AND ? AND (instr(body, '"type":"provider.moved"') > 0
        OR (instr(body, '"to":"failed"') > 0 AND instr(body, '"type":"item.moved"') > 0))
      ORDER BY sequence DESC LIMIT 1
      """
    ).first(span.run, max(start, span.first), min(end, span.last)) { row in row.pastEvent }
  }
}

extension Row {
  fileprivate var pastEvent: PastEvent {
    PastEvent(sequence: int(0), at: Instant(milliseconds: int(1)))
  }
}

// Moving about in a run's past: forward by applying events, back by savepoints and by copies.

package import BatchModel
import Foundation

/// Replays one run to any of its moments.
///
/// Every few thousand events the replayed file is copied, so that no jump begins at the beginning; as
/// their number and size grow, every other copy goes and the distance doubles.
///
/// *Concurrency*: one caller at a time.
package final class PastReplay {
  /// How the way is divided, in events.
  package struct Pace: Sendable {
    /// Up to so many events before the moment savepoints are made.
    package var steppedEvents: Int64 = 4_000
    package var eventsBetweenMarks: Int64 = 250
    package var marksMax = 40
    package var eventsAtOnce = 2_000
    package var eventsBetweenCopies: Int64 = 1_000
    package var copiesMax = 48
    package init() {}
  }

  private static let copiedBytesMax: Int64 = 1 << 30
  /// Less room than this on the disk is left to those that work.
  private static let freeBytesMin: Int64 = 2 << 30

  private struct Copy {
    var sequence: Int64
    var path: String
    var bytes: Int64
  }

  private let run: RunID
  private let source: SQLiteReader
  private let folder: String
  private let objects: any ObjectStoring
  private var current: PastStore
  /// In the order of their sequences.
  private var copies: [Copy] = []
  private let pace: Pace
  private var eventsBetweenCopies: Int64
  private var filesMade = 0

  /// - Parameter folder: takes a store of about the run's size, and its copies.
  package init(
    of run: RunID, source: SQLiteReader, folder: String, objects: any ObjectStoring,
    pace: Pace = Pace()
  ) throws(StoreError) {
    self.run = run
    self.pace = pace
    eventsBetweenCopies = pace.eventsBetweenCopies
    self.source = source
    self.folder = folder
    self.objects = objects
    current = try PastStore.make(path: "\(folder)/past-0.db", like: source, objects: objects)
  }

  deinit {
    current.discard()
    for copy in copies { unlink(copy.path) }
  }

  /// The run as it stood after the event that was moved to last.
  package var store: any SQLiteReading { current }

  package var sequence: Int64 { current.sequence }

  /// Goes to the moment after an event.
  ///
  /// - Parameter goesOn: told how much of the way is done, 0…1, and asked whether to go on.
  /// - Returns: false when it was told not to go on; it then stands somewhere on the way.
  package func move(
    to target: Int64, while goesOn: (Double) -> Bool
  ) throws(StoreError) -> Bool {
    if target < current.sequence, try !current.goBack(upTo: target) {
      try restore(copies.last { $0.sequence <= target })
    } else if let copy = copies.last(where: { $0.sequence <= target }),
      copy.sequence > current.sequence + pace.steppedEvents
    {
      try restore(copy)
    }
    let start = current.sequence
    while current.sequence < target {
      let events = try next(upTo: target)
      // The sequences up to the target may be other runs' events.
      guard !events.isEmpty else { break }
      for stride in Self.strides(events) {
        try current.apply(stride)
        let part = Double(current.sequence - start) / Double(target - start)
        guard goesOn(part) else { return false }
      }
    }
    return true
  }

  /// What is applied at once: an event that is about thousands of items takes its time by itself.
  private static func strides(
    _ events: [(event: RecordedEvent, change: Change)]
  ) -> [ArraySlice<(event: RecordedEvent, change: Change)>] {
    var strides: [ArraySlice<(event: RecordedEvent, change: Change)>] = []
    var start = events.startIndex
    for (index, event) in events.enumerated() {
      let isBulk = event.event.kind == .itemsEnqueued || event.event.kind == .itemsMoved
      guard isBulk || index == events.count - 1 else { continue }
      strides.append(events[start...index])
      start = index + 1
    }
    return strides
  }

  /// The events of the next stride, with the way back to before it prepared.
  private func next(
    upTo target: Int64
  ) throws(StoreError) -> [(event: RecordedEvent, change: Change)] {
    let place = current.sequence
    let stepped = target - pace.steppedEvents
    guard place >= stepped else {
      try current.settle()
      try copyWhenDue()
      return try source.recorded(
        of: run, after: place, upTo: stepped, limit: pace.eventsAtOnce
      )
      .orElse { () throws(StoreError) in
        try source.recorded(of: run, after: place, upTo: target, limit: 1)
      }
    }
    if let mark = current.lastMark, mark.count >= pace.marksMax {
      try current.settle()
      try copyWhenDue()
    }
    if current.lastMark.map({ place - $0.sequence >= pace.eventsBetweenMarks }) ?? true {
      try current.mark()
    }
    return try source.recorded(
      of: run, after: place, upTo: target, limit: Int(pace.eventsBetweenMarks))
  }

  // MARK: Copies

  private func copyWhenDue() throws(StoreError) {
    let place = current.sequence
    let before = copies.last { $0.sequence <= place }?.sequence ?? 0
    guard place - before >= eventsBetweenCopies, hasRoom else { return }
    try current.gather()
    let path = nextPath()
    try duplicate(current.path, to: path)
    var status = stat()
    let bytes = stat(path, &status) == 0 ? Int64(status.st_size) : 0
    let index = copies.firstIndex { $0.sequence > place } ?? copies.count
    copies.insert(Copy(sequence: place, path: path, bytes: bytes), at: index)
    thin()
  }

  private func thin() {
    while copies.count > pace.copiesMax
      || copies.reduce(0, { $0 + $1.bytes }) > Self.copiedBytesMax
    {
      var kept: [Copy] = []
      for (index, copy) in copies.enumerated() {
        if index % 2 == 1 { kept.append(copy) } else { unlink(copy.path) }
      }
      copies = kept
      eventsBetweenCopies = eventsBetweenCopies.multipliedReportingOverflow(by: 2).partialValue
    }
  }

  private var hasRoom: Bool {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return false }
    return Int64(status.f_bavail) * Int64(status.f_frsize) > Self.freeBytesMin
  }

  /// Goes on from a copy; without one from the beginning.
  private func restore(_ copy: Copy?) throws(StoreError) {
    let path = nextPath()
    let store: PastStore
    if let copy {
      try duplicate(copy.path, to: path)
      store = try PastStore(path: path, objects: objects)
    } else {
      store = try PastStore.make(path: path, like: source, objects: objects)
    }
    current.discard()
    current = store
  }

  private func nextPath() -> String {
    filesMade += 1
    return "\(folder)/past-\(filesMade).db"
  }

  private func duplicate(_ path: String, to target: String) throws(StoreError) {
    do {
      try FileManager.default.copyItem(atPath: path, toPath: target)
    } catch {
      unlink(target)
      throw .unavailable(path: target, reason: error.localizedDescription)
    }
  }
}

extension Array {
  /// These, or others when there are none.
  fileprivate func orElse(_ others: () throws(StoreError) -> [Element]) throws(StoreError)
    -> [Element]
  {
    isEmpty ? try others() : self
  }
}

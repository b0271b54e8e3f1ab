// All mirrors read together, in the order of their events.

import BatchModel
import Foundation

/// Merges the runs' mirrors by sequence.
struct LedgerMerge {
  private var scanners: [MirrorScanner] = []
  private var heads: [RecordedEvent?] = []
  private(set) var problems: [LedgerProblem] = []

  init(folder: String, objects: any ObjectStoring) throws(StoreError) {
    for run in try LedgerMirror.runs(in: folder) {
      scanners.append(try MirrorScanner(run: run, folder: folder, objects: objects))
      heads.append(nil)
    }
    for index in scanners.indices { try advance(index) }
  }

  /// The next event of all runs; `nil` at the end.
  mutating func next() throws(StoreError) -> RecordedEvent? {
    var first: (index: Int, event: RecordedEvent)?
    for (index, head) in heads.enumerated() {
      guard let head, head.sequence < first?.event.sequence ?? .max else { continue }
      first = (index, head)
    }
    guard let first else { return nil }
    try advance(first.index)
    return first.event
  }

  private mutating func advance(_ index: Int) throws(StoreError) {
    while let line = try scanners[index].next() {
      switch line {
      case .event(let event):
        heads[index] = event
        return
      case .problem(let problem): problems.append(problem)
      }
    }
    heads[index] = nil
  }
}

// Which objects something still rests on: live receipts, unfinished results, the ledger itself.

import BatchModel
import BatchStore
import CSpawn
import Foundation

/// Gathers the digests that a garbage collection keeps.
///
/// *Cost*: every live receipt and every line of the ledgers is read once; memory grows with the
/// objects that are kept, not with the ledger.
struct NeededObjects {
  private(set) var digests: Set<Digest> = []

  /// Needs the workspace's lock: what an engine is about to name would be missed.
  init(layout: WorkspaceLayout, store: any StoreReading) throws {
    try store.forEachReceipt { receipt in
      for artifact in receipt.artifacts { digests.insert(artifact.object.digest) }
      if let candidate = receipt.candidate { digests.insert(candidate.digest) }
      for (_, digest) in receipt.key.lists { digests.insert(digest) }
    }
    for summary in try store.runs(limit: 100_000) {
      let open = summary.state == .superseded ? [] : try Self.unfinishedItems(of: summary, store)
      let lines = LogFollower(path: layout.mirror(of: summary.run))
      while true {
        let found = try lines.nextLines()
        if found.isEmpty { break }
        for line in found { add(line, unfinished: open) }
      }
    }
  }

  /// Items that may go on from a result whose step is not done.
  private static func unfinishedItems(
    of summary: RunSummary, _ store: any StoreReading
  ) throws -> Set<ItemID> {
    var open: Set<ItemID> = []
    let filter = ItemFilter(states: [.queued, .waiting, .running, .failed])
    try store.forEachRow(of: summary.run, filter: filter) { open.insert($0.id) }
    return open
  }

  private mutating func add(_ line: [UInt8], unfinished: Set<ItemID>) {
    guard let kind = LedgerNeed(line) else { return }
    switch kind {
    case .always: digests.formUnion(line.digests)
    case .whileUnfinished:
      guard let item = line.itemNumber, unfinished.contains(ItemID(item)) else { return }
      digests.formUnion(line.digests)
    }
  }
}

/// Whether a line of a ledger names objects that are needed.
private enum LedgerNeed {
  /// A definition, a list of items, or an event that was too long for its line: a replay needs it.
  case always
  /// A result: it is needed until its step is done, and from then on by its receipt.
  case whileUnfinished

  private static let lasting =
    [marker(.runStarted), marker(.itemsEnqueued), marker(.itemsMoved)]
    + [Array("\"body\":\"sha256:".utf8)]
  private static let passing = [
    marker(.resultRecorded), marker(.resultHeld), marker(.publishing),
  ]

  private static func marker(_ kind: Change.Kind) -> [UInt8] {
    Array("\"type\":\"\(kind.rawValue)\"".utf8)
  }

  init?(_ line: [UInt8]) {
    if Self.lasting.contains(where: { line.contains($0) }) {
      self = .always
    } else if Self.passing.contains(where: { line.contains($0) }) {
      self = .whileUnfinished
    } else {
      return nil
    }
  }
}

extension [UInt8] {
  /// Whether the bytes occur; quotes within a JSON text are escaped, so a member is found as such.
  fileprivate func contains(_ needle: [UInt8]) -> Bool {
    firstIndex(of: needle, from: 0) != nil
  }

  /// Every digest that the line names.
  fileprivate var digests: [Digest] {
    let prefix = Array("sha256:".utf8)
    var found: [Digest] = []
    var index = 0
    while let start = firstIndex(of: prefix, from: index) {
      index = start + prefix.count
      let hex = self[index..<Swift.min(index + 64, count)]
      if let digest = Digest(String(decoding: hex, as: UTF8.self)) { found.append(digest) }
    }
    return found
  }

  /// The number of the member `item`.
  fileprivate var itemNumber: Int64? {
    let name = Array("\"item\":".utf8)
    guard let start = firstIndex(of: name, from: 0) else { return nil }
    let digits = self[(start + name.count)...].prefix { (48...57).contains($0) }
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  private func firstIndex(of needle: [UInt8], from start: Int) -> Int? {
    withUnsafeBytes { all in
      guard let base = all.baseAddress, start < all.count else { return nil }
      let hit = cs_first_index(base + start, all.count - start, needle, needle.count)
      return hit < 0 ? nil : start + hit
    }
  }
}

// The forms of the store that the conformance suite runs on: another database adds a case.

import BatchModel
import BatchStore
import Foundation
import Resilience

/// A way to make an empty store.
enum StoreForm: String, CaseIterable {
  case memory, file

  func make() throws -> any StoreWriting {
    switch self {
    case .memory: try SQLiteStore(inMemoryWith: MemoryObjects())
    // SQLite goes on with an unlinked file, so the folder may go at once.
    case .file: try StoreFolder().open(mirrored: false)
    }
  }
}

/// A temporary folder with a store in it, removed with the value.
final class StoreFolder: Sendable {
  let path: String
  let objects: MemoryObjects
  var database: String { path + "/footplate.db" }
  var runs: String { path + "/runs" }

  init(objects: MemoryObjects = MemoryObjects()) throws {
    self.objects = objects
    path = FileManager.default.temporaryDirectory.path + "/store-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    // A folder that stays behind in the temporary folder does no harm.
    try? FileManager.default.removeItem(atPath: path)
  }

  func open(mirrored: Bool = true) throws -> SQLiteStore {
    try SQLiteStore(
      path: database, objects: objects, mirrorFolder: mirrored ? runs : nil, durability: .none)
  }
}

extension StoreFolder {
  /// The mirrors held against the database.
  func verify() throws -> LedgerReport {
    try LedgerVerifier(database: database, mirrorFolder: runs, objects: objects)
      .verify(temporaryFolder: path)
  }

  /// Makes the database again.
  func rebuild(definition: Batch? = nil) throws -> RebuildReport {
    try StoreRebuilder(
      database: database, mirrorFolder: runs, objects: objects, definition: definition
    ).rebuild(at: Instant(milliseconds: 7))
  }
}

extension StoreReading {
  /// The newest receipt of one step.
  func latestReceipt(itemKey: String, occurrence: Int, step: String) throws -> Receipt? {
    let item = ClaimedItem(
      id: ItemID(0), ordinal: 1, key: itemKey, occurrence: occurrence, payload: .null)
    return try histories(of: [item], steps: [step])[0].receipts[0]
  }

  /// What the items that it comes after published.
  func artifacts(ofDependencies item: ItemID) throws -> [Artifact] {
    let item = ClaimedItem(id: item, ordinal: 1, key: "", payload: .null)
    return try histories(of: [item], steps: ["step0"])[0].dependencies
  }
}

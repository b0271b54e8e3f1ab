// What a fix works with: the locked workspace, the backup of what it changes.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience

/// One fix under way.
///
/// The lock is held by whoever made it.
final class FixSession {
  let layout: WorkspaceLayout
  let definitionPath: String
  let now: Instant
  let backup: FixBackup
  /// The newest event after this fix changed the store; `nil` when it did not.
  private(set) var lastSequence: Int64?

  init(layout: WorkspaceLayout, definitionPath: String, code: Finding.Code, now: Instant) {
    self.layout = layout
    self.definitionPath = definitionPath
    self.now = now
    backup = FixBackup(layout: layout, code: code, now: now)
  }

  /// Opens the store for writing, calls `body`, and closes it.
  ///
  /// Opening it already brings mirrors that are behind up to date.
  func withStore<Value>(_ body: (SQLiteStore, ObjectStore) throws -> Value) throws -> Value {
    let objects = try ObjectStore(at: layout.objects)
    let store = try SQLiteStore(
      path: layout.database, objects: objects, mirrorFolder: layout.runs)
    let value: Value
    do {
      value = try body(store, objects)
      lastSequence = try store.newestSequence()
    } catch {
      // The first error says what happened; a close that fails on top adds nothing.
      try? store.close()
      throw error
    }
    try store.close()
    return value
  }
}

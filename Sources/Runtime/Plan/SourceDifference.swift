// How the source and the definition differ from what a run works by: shown before a reload.

package import BatchDefinition
package import BatchModel
package import BatchStore
import Executors
import Foundation

/// A definition compared with the one that a run was started with.
package enum DefinitionDifference: Hashable, Sendable {
  case none
  /// Only where the items come from.
  case items
  /// Steps, checks or settings: the receipts have to be planned from anew.
  case recipe

  package init(from old: Batch, to new: Batch) {
    var probe = new
    probe.items = old.items
    if new.digest == old.digest {
      self = .none
    } else {
      self = probe.digest == old.digest ? .items : .recipe
    }
  }
}

/// What a comparison with the source would find, computed without writing anything.
package struct SourceDifference: Hashable, Sendable {
  package private(set) var added = 0
  package private(set) var changed = 0
  package private(set) var vanished = 0

  package var isEmpty: Bool { added + changed + vanished == 0 }

  /// - Throws: `ItemSourceError`, `StoreError`.
  package init(
    of run: RunID, from store: any StoreReading, to definition: LoadedDefinition,
    layout: WorkspaceLayout
  ) throws {
    let enumerator = try ItemEnumerator(
      definition.batch.items, folder: layout.root, renderer: TemplateRenderer(),
      runCommand: { try CommandOutput.start($0, folder: layout.root) })
    var seen: [String: Int] = [:]
    var known = 0
    try enumerator.forEachChunk(of: 1000) { chunk in
      for item in chunk {
        let occurrence = seen[item.key, default: 0] + 1
        seen[item.key] = occurrence
        guard let row = try store.row(item.key, occurrence, in: run), !row.isGone else {
          added += 1
          continue
        }
        known += 1
        let detail = try store.detail(of: row.id)
        if detail?.payload != item.payload || detail?.after != item.after { changed += 1 }
      }
    }
    var present = 0
    try store.forEachRow(of: run, filter: ItemFilter()) { if !$0.isGone { present += 1 } }
    vanished = present - known
  }
}

extension SourceDifference: CustomStringConvertible {
  package var description: String { "\(added) new, \(changed) changed, \(vanished) vanished" }
}

extension ItemRow {
  /// Whether the source no longer had it.
  fileprivate var isGone: Bool { state == .cancelled && note == "gone" }
}

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
    var keys = SourceKeys()
    var known = 0
    try enumerator.forEachChunk(of: 1000) { chunk in
      let occurrences = chunk.map { keys.occurrence(of: $0.key) }
      for standing in try store.standings(of: chunk, occurrences: occurrences, in: run) {
        guard let standing, !standing.isGone else {
          added += 1
          continue
        }
        known += 1
        if !standing.isSame { changed += 1 }
      }
    }
    vanished = try store.presentItems(of: run) - known
  }
}

extension SourceDifference: CustomStringConvertible {
  package var description: String { "\(added) new, \(changed) changed, \(vanished) vanished" }
}

// What an engine puts right by itself at its start: only what is safe and needs no person.

import BatchModel
import BatchStore
import DurableFiles
import Executors
import Resilience

/// Repairs before the work begins, each told in the ledger.
struct SelfHealing {
  let layout: WorkspaceLayout
  let store: any StoreWriting

  /// Closes what is open to others and removes the folders of ended attempts.
  ///
  /// Called after recovery, when the run's attempts have their outcomes.
  ///
  /// - Returns: what was done, as it stands in the ledger.
  func apply(to run: RunID, at now: Instant) throws -> [Change] {
    var done: [String] = []
    let open = OpenPermissions(layout: layout).find()
    if !open.isEmpty {
      _ = try OpenPermissions.close(open)
      done.append("took access from others than the owner: \(open.count) paths")
    }
    let leftovers = try StagingLeftovers(layout: layout).find(
      keeping: try store.unendedAttempts(of: nil))
    for leftover in leftovers { try FileTree.remove(leftover.path) }
    if !leftovers.isEmpty {
      done.append("removed \(leftovers.count) staging folders of ended attempts")
    }
    let notes = done.map { Change.noted(Noted(run: run, code: "healed", message: $0)) }
    if !notes.isEmpty { try store.apply(notes, of: run, at: now) }
    return notes
  }
}

extension EngineSession {
  /// Removes the folders that were to be discarded in the background when the work ended, and those of
  /// a dead engine's results that this one published; those of others only when it may heal.
  func tidy(_ store: any StoreWriting, _ epoch: Epoch) {
    // What cannot be looked at or removed now is removed at the next start.
    let leftovers = try? StagingLeftovers(layout: layout).find(
      keeping: try store.unendedAttempts(of: nil))
    for leftover in leftovers ?? [] where options.heals || leftover.epoch == epoch {
      try? FileTree.remove(leftover.path)  // the background may be removing it too
    }
  }
}

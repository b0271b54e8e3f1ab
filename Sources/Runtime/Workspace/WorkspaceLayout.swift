// Where a batch lives: the definition's folder and everything in its .footplate folder.

package import BatchModel
import Tracking

/// The paths of a workspace; nothing here touches the disk.
package struct WorkspaceLayout: Hashable, Sendable {
  /// The folder in which the steps start and below which artifacts are published; absolute.
  package let root: String

  package init(root: String) {
    precondition(root.hasPrefix("/"), "a workspace has an absolute root")
    self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
  }

  package var state: String { root + "/.footplate" }
  package var database: String { state + "/footplate.db" }
  package var lock: String { state + "/engine.lock" }
  package var requests: String { state + "/requests" }
  /// What hooks left to be taken up.
  package var tracking: String { TrackSpool.folder(in: root) }
  /// Replays of the past, each in a folder of its own while somebody looks at it.
  package var past: String { state + "/past" }
  /// Texts that a person edits, each a private file while the editor has it.
  package var editing: String { state + "/editing" }
  package var viewers: String { state + "/viewers" }
  package var gauges: String { state + "/gauges.json" }
  package var objects: String { state + "/objects" }
  package var reserve: String { state + "/reserve" }
  package var engineLog: String { state + "/engine.log" }
  package var backups: String { state + "/backups" }
  package var runs: String { state + "/runs" }
  /// A worktree in which commits are tried before they land.
  package var landing: String { state + "/landing" }

  package func folder(of run: RunID) -> String { "\(runs)/\(run.text)" }
  package func logs(of run: RunID) -> String { folder(of: run) + "/logs" }
  package func staging(of run: RunID) -> String { folder(of: run) + "/staging" }
  package func mirror(of run: RunID) -> String { folder(of: run) + "/ledger.ndjson" }

  /// The log of one attempt.
  package func log(of attempt: AttemptID, in run: RunID) -> String {
    "\(logs(of: run))/\(attempt.number).log"
  }

  /// An absolute path, with relative ones taken from the root.
  package func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(root)/\(path)"
  }
}

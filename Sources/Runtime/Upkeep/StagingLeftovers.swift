// Staging folders whose attempts have ended: what crashes and killed checks leave behind.

package import BatchModel
import Executors
import Foundation

/// The staging folders of a workspace without a living engine.
package struct StagingLeftovers {
  package struct Leftover: Hashable, Sendable {
    package var path: String
    package var attempt: AttemptID
  }
  private let layout: WorkspaceLayout

  package init(layout: WorkspaceLayout) { self.layout = layout }

  /// The folders of attempts that are not in `open` and have no process any more.
  ///
  /// An open attempt's folder is the proof that its process may have run: recovery looks at it.
  package func find(keeping open: [AttemptID]) -> [Leftover] {
    let kept = Set(
      open + OrphanSweep(workspace: layout.root, epoch: Epoch(0)).find().map(\.attempt))
    var found: [Leftover] = []
    for run in names(in: layout.runs) {
      let staging = layout.staging(of: RunID(run))
      for name in names(in: staging) {
        guard let attempt = Self.attempt(of: name), !kept.contains(attempt) else { continue }
        found.append(Leftover(path: "\(staging)/\(name)", attempt: attempt))
      }
    }
    return found
  }

  /// `<attempt>-<epoch>` or `<attempt>-<epoch>-check`; another name is not ours.
  private static func attempt(of name: String) -> AttemptID? {
    let parts = name.split(separator: "-")
    guard parts.count >= 2, let number = Int64(parts[0]), Int64(parts[1]) != nil else {
      return nil
    }
    return AttemptID(number)
  }

  private func names(in folder: String) -> [String] {
    // A folder that is not there has no leftovers.
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}

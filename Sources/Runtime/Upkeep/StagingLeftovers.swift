// Staging folders whose attempts have ended: what crashes and killed checks leave behind.

package import BatchModel
import Executors
import Foundation

/// The staging folders of a workspace without a living engine.
package struct StagingLeftovers {
  package struct Leftover: Hashable, Sendable {
    package var path: String
    package var attempt: AttemptID
    package var epoch: Epoch
  }
  private let layout: WorkspaceLayout

  package init(layout: WorkspaceLayout) { self.layout = layout }

  /// The folders of attempts that are not open and have no process any more.
  ///
  /// An open attempt's folder is the proof that its process may have run: recovery looks at it.
  ///
  /// - Parameter open: the attempts without an end; only asked when there are folders.
  package func find(
    keeping open: @autoclosure () throws -> [AttemptID]
  ) rethrows -> [Leftover] {
    var found = made()
    // Looking at every attempt or process costs more than at the folders, which are mostly none.
    guard !found.isEmpty else { return [] }
    let kept = Set(try open())
    found.removeAll { kept.contains($0.attempt) }
    guard !found.isEmpty else { return [] }
    let working = Set(
      OrphanSweep(workspace: layout.root, epoch: Epoch(0)).find().map(\.attempt))
    return found.filter { !working.contains($0.attempt) }
  }

  /// Every folder of an attempt.
  private func made() -> [Leftover] {
    var found: [Leftover] = []
    for run in names(in: layout.runs) {
      let staging = layout.staging(of: RunID(run))
      for name in names(in: staging) {
        guard let (attempt, epoch) = Self.maker(of: name) else { continue }
        found.append(Leftover(path: "\(staging)/\(name)", attempt: attempt, epoch: epoch))
      }
    }
    return found
  }

  /// `<attempt>-<epoch>` or `<attempt>-<epoch>-check`; another name is not ours.
  private static func maker(of name: String) -> (AttemptID, Epoch)? {
    let parts = name.split(separator: "-")
    guard parts.count >= 2, let attempt = Int64(parts[0]), let epoch = Int64(parts[1]) else {
      return nil
    }
    return (AttemptID(attempt), Epoch(epoch))
  }

  private func names(in folder: String) -> [String] {
    // A folder that is not there has no leftovers.
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}

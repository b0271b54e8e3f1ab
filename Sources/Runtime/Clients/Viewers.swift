// Who watches: a file a viewer, touched while it looks, so that gauges are written for somebody.

import BatchModel
import DurableFiles
import Foundation
import Glibc
package import Resilience

/// The `viewers` folder.
package struct Viewers: Sendable {
  /// A viewer that has not been seen for so long has gone.
  private static let patience = Duration.seconds(5)
  private let folder: String

  package init(_ layout: WorkspaceLayout) { folder = layout.viewers }

  /// Says that this viewer looks now.
  package func touch(_ viewer: String) {
    let path = "\(folder)/\(viewer)"
    let number = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard number >= 0 else { return }  // a read-only workspace can be watched too
    futimens(number, nil)
    close(number)
  }

  package func leave(_ viewer: String) { unlink("\(folder)/\(viewer)") }

  /// Whether somebody looked within the last seconds.
  package func isWatched(at now: Instant) -> Bool {
    // A folder that cannot be read has no viewers that matter.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.contains { name in
      guard !name.hasSuffix(SeenMarks.suffix) else { return false }
      var status = stat()
      guard lstat("\(folder)/\(name)", &status) == 0 else { return false }
      let seen = FileStamp(status).modifiedNanoseconds
      return Instant(nanoseconds: seen).duration(to: now) < Self.patience
    }
  }
}

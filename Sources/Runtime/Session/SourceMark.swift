// Which form of a source file a run was compared with last: an unchanged one needs no comparison.

import BatchModel
import DurableFiles
import Foundation
import Resilience

/// A note beside the run, and a cache: without it the source is read once more.
struct SourceMark: Hashable, Codable {
  private static let name = "source.json"
  private let path: String
  private let stamp: FileStamp

  /// The present form of the batch's source; `nil` for a source that is not one file, and for a
  /// file so young that it may change again without another stamp.
  init?(of source: ItemSource, in layout: WorkspaceLayout) throws {
    switch source.kind {
    case .jsonl(let path), .csv(let path), .lines(let path): self.path = path
    case .glob, .command, .list: return nil
    }
    guard let stamp = try FileDigests(root: layout.root).stamp(of: path),
      FileDigests.isTrustworthy(stamp, at: .wallClock)
    else { return nil }
    self.stamp = stamp
  }

  /// Whether the run was compared with exactly this form.
  func isNoted(for run: RunID, in layout: WorkspaceLayout) -> Bool {
    let path = "\(layout.folder(of: run))/\(Self.name)"
    guard let data = FileManager.default.contents(atPath: path) else { return false }
    // A note that cannot be read is no note: the source is read again.
    return (try? JSONDecoder().decode(SourceMark.self, from: data)) == self
  }

  /// Notes that the run is in line with this form.
  func note(for run: RunID, in layout: WorkspaceLayout) throws {
    let bytes = Array(try JSONEncoder().encode(self))
    try PrivateFolder(layout.folder(of: run)).replace(Self.name, with: bytes)
  }
}

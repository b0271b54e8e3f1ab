// What waits in the spool, as whoever takes it up sees it: the files may be anybody's.

import BatchModel
import DurableFiles
import Foundation
import Resilience
import Tracking

extension TrackSpool {
  /// A call's file is smaller; anything larger is not ours.
  private static let fileBytesMax = 1 << 20

  /// A call's events and the file that has them.
  struct Waiting {
    var name: String
    var artifacts: [ArtifactTracked]
  }

  /// What waits, oldest first, at most `limit` calls; what is no call's file is set aside.
  func waiting(limit: Int) throws -> (calls: [Waiting], refused: [String]) {
    var calls: [Waiting] = []
    var refused: [String] = []
    for name in try names().prefix(limit) {
      guard let artifacts = read(name) else {
        refused.append(name)
        // What cannot be moved is looked at again the next time.
        _ = rename("\(folder)/\(name)", "\(folder)/\(name).refused")
        continue
      }
      calls.append(Waiting(name: name, artifacts: artifacts))
    }
    return (calls.sorted { $0.toldAt < $1.toldAt }, refused)
  }

  func remove(_ name: String) { unlink("\(folder)/\(name)") }

  /// Calls that wait, files that were no calls, calls that found no room.
  func figures() throws -> (waiting: Int, refused: Int, dropped: Int) {
    let all = try Self.entries(of: folder)
    var status = stat()
    let dropped = stat("\(folder)/\(Self.dropped)", &status) == 0 ? Int(status.st_size) : 0
    return (
      all.count { $0.hasSuffix(".json") }, all.count { $0.hasSuffix(".refused") }, dropped
    )
  }

  private func names() throws -> [String] {
    try Self.entries(of: folder).filter { $0.hasSuffix(".json") }
  }

  private static func entries(of folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder)
  }

  /// `nil` for anything that is no call's file: a link, a fifo, a giant, other text.
  private func read(_ name: String) -> [ArtifactTracked]? {
    var status = stat()
    guard lstat("\(folder)/\(name)", &status) == 0, status.isFile,
      status.st_size <= Self.fileBytesMax,
      let data = FileManager.default.contents(atPath: "\(folder)/\(name)")
    else { return nil }
    // Whatever is wrong with it, it is set aside.
    guard let artifacts = try? JSONDecoder().decode([ArtifactTracked].self, from: data),
      !artifacts.isEmpty, artifacts.allSatisfy(\.isPlain)
    else { return nil }
    return artifacts
  }
}

extension TrackSpool.Waiting {
  fileprivate var toldAt: Instant { artifacts.first?.toldAt ?? Instant(nanoseconds: 0) }
}

extension ArtifactTracked {
  /// Whether nothing in it is longer than a call makes it.
  fileprivate var isPlain: Bool {
    !path.isEmpty && path.utf8.count <= 4_096 && reason.utf8.count <= 4_096
      && source.utf8.count <= 200
  }
}

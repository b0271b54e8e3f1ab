// Digests that are not computed twice: a file whose stamp is the same is the same.

package import BatchModel
import Glibc
package import Resilience

/// The cached digests of files below a folder, by the rules of git's index.
package struct FileDigests: Sendable {
  /// A file that changed less than this before it was read may change again without another stamp
  /// ("racy git", gitformat-index and Documentation/technical/racy-git).
  package static let racyWindow = Duration.seconds(2)
  /// The folder that paths are relative to.
  package let root: String

  package init(root: String) { self.root = root }

  /// The stamp of the file at `path` (symbolic links are followed); `nil` when there is none.
  package func stamp(of path: String) throws(FilesError) -> FileStamp? {
    var status = stat()
    guard stat(fullPath(path), &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .last("look at", fullPath(path))
    }
    return FileStamp(status)
  }

  /// The digest of a regular file, from `lookup` when its stamp is unchanged.
  ///
  /// - Parameters:
  ///   - lookup: The remembered digest of a path.
  ///   - remember: Called with a digest that may be trusted from now on.
  package func digest(
    of path: String, at now: Instant, lookup: (String) throws -> FileDigest?,
    remember: (FileDigest) throws -> Void
  ) throws -> FileDigest {
    let file = try Descriptor(opening: fullPath(path), O_RDONLY | O_NONBLOCK)
    var stamp = FileStamp(try file.status(path: path))
    if let known = try lookup(path), known.stamp == stamp, Self.isTrustworthy(stamp, at: now) {
      return known
    }
    // Read again when it changed meanwhile; three times in a row, somebody writes without end.
    for _ in 1...3 {
      lseek(file.number, 0, SEEK_SET)
      let digest = try FileHasher.object(in: file, path: path).digest
      let after = FileStamp(try file.status(path: path))
      if after == stamp {
        let entry = FileDigest(path: path, stamp: stamp, digest: digest)
        if Self.isTrustworthy(stamp, at: now) { try remember(entry) }
        return entry
      }
      stamp = after
    }
    throw FilesError.keepsChanging(path)
  }

  /// Whether a digest that was taken under this stamp at `now` will be right for as long as the stamp
  /// stays: not when the file changed so recently that its next change may get the same times.
  package static func isTrustworthy(_ stamp: FileStamp, at now: Instant) -> Bool {
    let limit = now.advanced(by: .zero - racyWindow).nanoseconds
    return max(stamp.modifiedNanoseconds, stamp.changedNanoseconds) <= limit
  }

  private func fullPath(_ path: String) -> String {
    path.utf8.first == UInt8(ascii: "/") ? path : "\(root)/\(path)"
  }
}

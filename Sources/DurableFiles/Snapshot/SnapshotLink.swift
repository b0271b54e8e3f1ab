// Symbolic links of a workspace: read, never followed, and judged by their text alone.

import Glibc

/// What links say.
enum SnapshotLink {
  /// The link's text; `nil` when it is no link any more.
  static func target(of path: String, in folder: Int32) throws(FilesError) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlinkat(folder, path, &bytes, Int(PATH_MAX))
    guard count >= 0 else {
      if errno == EINVAL { return nil }
      throw .last("read the link", path)
    }
    let text = bytes.prefix(count).map { UInt8(bitPattern: $0) }
    guard let target = String(validating: text, as: UTF8.self) else {
      throw .invalidPath(path, reason: "is a link whose target is no UTF-8")
    }
    return target
  }

  /// Whether a link at `path` with this text stays below the root, wherever the root is.
  ///
  /// `..` may only stand at the beginning: after a component, which may be a link itself, it could
  /// lead anywhere.
  static func staysInside(target: String, at path: String) -> Bool {
    guard !target.isEmpty, !target.utf8.starts(with: "/".utf8) else { return false }
    var depth = path.utf8.count { $0 == UInt8(ascii: "/") }
    var hasDescended = false
    for component in target.split(separator: "/") where component != "." {
      if component == ".." {
        depth -= 1
        if hasDescended || depth < 0 { return false }
      } else {
        hasDescended = true
      }
    }
    return true
  }
}

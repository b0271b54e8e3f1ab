// What a person's word means: a file of the workspace, or a content.

package import BatchModel
import Glibc
import Tracking

/// What a lineage is asked of.
package enum LineageTarget: Hashable, Sendable {
  /// Relative to the workspace.
  case path(String)
  case content(Digest)

  /// - Parameters:
  ///   - word: a path, relative to `folder` or absolute, or `sha256:…`.
  ///   - folder: the folder that the person means; absolute.
  package init(
    _ word: String, in folder: String, of layout: WorkspaceLayout
  ) throws(LineageError) {
    if word.hasPrefix("sha256:") {
      guard let digest = Digest(word) else { throw .noDigest(word) }
      self = .content(digest)
      return
    }
    let path = TrackCall.absolute(word, in: folder)
    guard
      let name = Self.relative(path, to: layout.root)
        ?? Self.resolved(path).flatMap({ Self.relative($0, to: Self.resolvedFolder(layout.root)) })
    else { throw .outside(word, root: layout.root) }
    self = .path(name)
  }

  /// The path below the folder; `nil` for the folder itself and outside of it.
  private static func relative(_ path: String, to folder: String?) -> String? {
    guard let folder else { return nil }
    let base = folder == "/" ? "/" : folder + "/"
    guard path.hasPrefix(base), path.utf8.count > base.utf8.count else { return nil }
    return String(path.dropFirst(base.count))
  }

  /// The path with the links in its folder followed, not its own.
  private static func resolved(_ path: String) -> String? {
    guard let slash = path.lastIndex(of: "/"), path.utf8.count > 1,
      let folder = resolvedFolder(slash == path.startIndex ? "/" : String(path[..<slash]))
    else { return nil }
    return (folder == "/" ? "" : folder) + path[slash...]
  }

  private static func resolvedFolder(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }
}

/// Why a lineage cannot be told.
package enum LineageError: Error, Hashable, CustomStringConvertible {
  case noDigest(String)
  case outside(String, root: String)
  case noFile(String)
  /// What `collect` wrote: made of everything, by no step.
  case collected(String)
  /// Nothing is recorded of the path; the paths where its bytes were published, if any were.
  case unknown(String, published: [String])
  case unknownContent(Digest)

  package var description: String {
    switch self {
    case .noDigest(let word): "\(word): no digest; expected \(Digest.form), or a path"
    case .outside(let path, let root):
      "\(path): outside of the workspace \(root): only files below it have a lineage; "
        + "name one of them, or another workspace with -C"
    case .noFile(let path): "\(path): no file; name a file, such as one in this folder"
    case .collected(let path):
      "\(path): collected from the results of every item; ask for an artifact, or for sha256:… of a "
        + "result: footplate receipts --json lists them"
    case .unknown(let path, let published) where !published.isEmpty:
      "\(path): nothing is recorded of it, but its bytes were published as "
        + "\(published.joined(separator: ", ")): ask for that path"
    case .unknown(let path, _):
      "\(path): nothing is recorded of it: no step published it, none read it, and no hook told "
        + "of it; footplate receipts lists what was published"
    case .unknownContent(let digest):
      "\(digest): no step left these bytes; footplate receipts --json lists the digests"
    }
  }
}

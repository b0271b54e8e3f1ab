// The part of a glob before its first wildcard: a walk begins there, or needs not begin at all, and
// folders with a hundred thousand names are not read for one of them.

/// Where a glob's walk begins.
package struct GlobRoot: Hashable, Sendable {
  /// Relative to the folder of the glob, without a slash at its end; empty for that folder itself.
  package let folder: String
  /// What is matched below it; `nil` when `folder` is the one path that the glob means.
  package let pattern: String?

  package init(of glob: String) {
    let parts = glob.split(separator: "/").filter { $0 != "." }
    // Braces and escapes may stand around a slash, and what is refused is refused by the walk.
    guard !glob.hasPrefix("/"), !glob.contains(where: { "{}\\".contains($0) }),
      !parts.isEmpty, !parts.contains("..")
    else {
      (folder, pattern) = ("", glob)
      return
    }
    let names = parts.prefix { part in !part.contains { "*?[".contains($0) } }
    folder = names.joined(separator: "/")
    let rest = parts.dropFirst(names.count)
    pattern = rest.isEmpty ? nil : rest.joined(separator: "/")
  }
}

// What a glob of `reads:` matched: the files themselves are digested one by one, but a new one has no
// digest yet, and is found by the list that it joins.

/// A glob as an item's step read it, and what it matched.
package struct FileListing: Hashable, Sendable {
  /// Rendered.
  package var glob: String
  /// Of the paths, not of their contents.
  package var digest: Digest
  /// How many there are.
  package var count: Int
  /// It was another one before, within the life of the process that says so.
  package var isChanged: Bool

  package init(glob: String, digest: Digest, count: Int, isChanged: Bool = false) {
    self.glob = glob
    self.digest = digest
    self.count = count
    self.isChanged = isChanged
  }

  /// Whether keys name its files by a list, and not one by one.
  package var isLong: Bool { count > FileList.namedMax }

  package init(glob: String, paths: [String], isChanged: Bool = false) {
    self.init(
      glob: glob, digest: Digest(of: paths.joined(separator: "\n")), count: paths.count,
      isChanged: isChanged)
  }
}

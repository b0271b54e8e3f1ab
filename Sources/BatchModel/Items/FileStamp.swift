// What lstat says of a file, by which an unchanged one is recognised without reading it.

/// Size, times and inode of a regular file, as git's index keeps them.
package struct FileStamp: Hashable, Sendable, Codable {
  package var sizeBytes: Int64
  package var modifiedNanoseconds: Int64
  package var changedNanoseconds: Int64
  package var inode: UInt64
  package init(
    sizeBytes: Int64, modifiedNanoseconds: Int64, changedNanoseconds: Int64, inode: UInt64
  ) {
    self.sizeBytes = sizeBytes
    self.modifiedNanoseconds = modifiedNanoseconds
    self.changedNanoseconds = changedNanoseconds
    self.inode = inode
  }
}

/// A file and what lstat said of it.
package struct StampedFile: Hashable, Sendable {
  /// Relative to the definition's folder.
  package var path: String
  package var stamp: FileStamp
  package init(path: String, stamp: FileStamp) {
    self.path = path
    self.stamp = stamp
  }
}

/// A file's digest and the stamp that it was taken under.
package struct FileDigest: Hashable, Sendable {
  /// Relative to the definition's folder.
  package var path: String
  package var stamp: FileStamp
  package var digest: Digest
  /// The content was another one before, within the life of the process that says so.
  package var isChanged: Bool
  package init(path: String, stamp: FileStamp, digest: Digest, isChanged: Bool = false) {
    self.path = path
    self.stamp = stamp
    self.digest = digest
    self.isChanged = isChanged
  }
}

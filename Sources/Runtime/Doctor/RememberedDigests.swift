// The digests of files that the store remembers: a cache that no ledger tells of, whose mistakes would
// have finished items run again.

import BatchModel
package import BatchStore
import DurableFiles

/// What a store remembers of the files below a folder.
package struct RememberedDigests {
  private let digests: FileDigests
  private let root: String
  private let store: any StoreReading

  package init(root: String, store: any StoreReading) {
    self.root = root
    self.store = store
    digests = FileDigests(root: root)
  }

  /// A file with the size and times that the store knows, and another content: the row is damaged, or
  /// the file is.
  ///
  /// A row with other times is not believed anyway. An artifact that is damaged is a finding of its own.
  ///
  /// *Cost*: reads every file that is remembered, up to the first that misleads.
  package func misleading() throws -> String? {
    var found: String?
    try store.forEachStampedFiles { files in
      for file in files where found == nil {
        if try isMisleading(file) { found = file.path }
      }
    }
    return found
  }

  private func isMisleading(_ file: StampedFile) throws -> Bool {
    guard try digests.stamp(of: file.path) == file.stamp,
      let known = try store.fileDigest(of: file.path),
      try store.artifact(at: file.path)?.object.digest != known.digest
    else { return false }
    let path = file.path.hasPrefix("/") ? file.path : "\(root)/\(file.path)"
    let content = try FileHasher.digest(of: path)
    // It may have changed while it was read.
    return try content != known.digest && digests.stamp(of: file.path) == file.stamp
  }
}

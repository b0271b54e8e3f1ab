// Folders and small files that only their owner reads: `.footplate` and everything in it.

import Glibc

/// A folder with mode 0700.
package struct PrivateFolder: Sendable {
  package let path: String

  /// Opens the folder, which is made with its missing parents.
  package init(_ path: String) throws(FilesError) {
    self.path = path
    try Self.create(path)
  }

  /// Makes the folder and its missing parents with mode 0700, durably; one that is there stays as
  /// it is.
  package static func create(_ path: String) throws(FilesError) {
    if mkdir(path, 0o700) == 0 { return try syncParent(of: path) }
    switch errno {
    case EEXIST:
      var status = stat()
      guard stat(path, &status) == 0 else { throw .last("create", path) }
      guard status.st_mode & S_IFMT == S_IFDIR else { throw .notAFolder(path, status) }
    case ENOENT:
      let parent = parent(of: path)
      guard parent != path else { throw .last("create", path) }
      try create(parent)
      guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last("create", path) }
      try syncParent(of: path)
    default: throw .last("create", path)
    }
  }

  /// Replaces a small file: readers see the old or the new form, never a part.
  ///
  /// It is not synced: after a power loss the old form, or none, may be there.
  package func replace(_ name: String, with bytes: [UInt8]) throws(FilesError) {
    try write(name, bytes, isDurable: false)
  }

  /// Writes a file whole and durably: it is there with all its bytes, or not at all.
  package func writeOnce(_ name: String, _ bytes: [UInt8]) throws(FilesError) {
    try write(name, bytes, isDurable: true)
  }

  /// Removes temporary files that crashed writers left; returns how many.
  package func removeLeftovers() throws(FilesError) -> Int {
    var count = 0
    try FolderListing.eachName(in: path) { name throws(FilesError) in
      guard name.hasPrefix(Self.temporaryPrefix) else { return }
      guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else {
        throw .last("remove", "\(path)/\(name)")
      }
      count += 1
    }
    return count
  }

  /// What a file's name begins with before it is whole; readers of the folder pass over it.
  package static let temporaryPrefix = ".tmp-"

  private func write(_ name: String, _ bytes: [UInt8], isDurable: Bool) throws(FilesError) {
    let temporary = "\(path)/\(TemporaryName.fresh(Self.temporaryPrefix))"
    do throws(FilesError) {
      try Self.fill(temporary, bytes, isDurable: isDurable)
      guard rename(temporary, "\(path)/\(name)") == 0 else {
        throw FilesError.last("replace", "\(path)/\(name)")
      }
    } catch {
      unlink(temporary)
      throw error
    }
    if isDurable { try Descriptor(opening: path, O_RDONLY | O_DIRECTORY).sync(path: path) }
  }

  private static func fill(
    _ path: String, _ bytes: [UInt8], isDurable: Bool
  ) throws(FilesError) {
    let file = try Descriptor(
      opening: path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600, operation: "create")
    try file.writeAll(bytes, path: path)
    if isDurable { try file.sync(path: path) }
  }

  private static func syncParent(of path: String) throws(FilesError) {
    let parent = parent(of: path)
    try Descriptor(opening: parent, O_RDONLY | O_DIRECTORY).sync(path: parent)
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

extension FilesError {
  fileprivate static func notAFolder(_ path: String, _ status: stat) -> FilesError {
    .system(operation: "use \(status.kind) as a folder at", path: path, errno: ENOTDIR)
  }
}

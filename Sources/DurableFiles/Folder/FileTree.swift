// Removing a folder with whatever somebody else's process left in it.

import Glibc

/// Whole folders.
package enum FileTree {
  /// Removes `path` and everything below it; symbolic links are removed, never followed.
  ///
  /// A missing one is no error.
  package static func remove(_ path: String) throws(FilesError) {
    if unlink(path) == 0 || errno == ENOENT { return }
    guard errno == EISDIR || errno == EPERM else { throw .last("remove", path) }
    let number = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard number >= 0 else { throw .last("remove", path) }
    try empty(Descriptor(owning: number), path: path)
    guard rmdir(path) == 0 || errno == ENOENT else { throw .last("remove", path) }
  }

  /// Relative to descriptors, so that no depth makes a path too long and no swapped folder leads
  /// elsewhere.
  private static func empty(
    _ folder: borrowing Descriptor, path: String
  ) throws(FilesError) {
    // A process may have taken its own permission away.
    if fchmod(folder.number, 0o700) != 0 { throw .last("chmod", path) }
    for name in try names(in: folder, path: path) {
      if unlinkat(folder.number, name, 0) == 0 || errno == ENOENT { continue }
      guard errno == EISDIR || errno == EPERM else { throw .last("remove", "\(path)/\(name)") }
      let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
      var number = openat(folder.number, name, flags)
      if number < 0, errno == EACCES, fchmodat(folder.number, name, 0o700, 0) == 0 {
        number = openat(folder.number, name, flags)
      }
      guard number >= 0 else { throw .last("open", "\(path)/\(name)") }
      try empty(Descriptor(owning: number), path: "\(path)/\(name)")
      guard unlinkat(folder.number, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
        throw .last("remove", "\(path)/\(name)")
      }
    }
  }

  /// All names, also those that are not UTF-8: as C strings.
  private static func names(
    in folder: borrowing Descriptor, path: String
  ) throws(FilesError) -> [[CChar]] {
    let copy = openat(folder.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let listing = fdopendir(copy) else { throw .last("list", path) }
    defer { closedir(listing) }
    var names: [[CChar]] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
      }
      if name != [46, 0], name != [46, 46, 0] { names.append(name) }
    }
    return names
  }
}

// The names in a folder, one at a time, in constant memory.

import Glibc

/// Reads folders.
enum FolderListing {
  /// Calls `body` with every entry's name but `.` and `..`, in no order.
  ///
  /// A name that is not UTF-8 is left out: nothing of ours has one.
  static func eachName(
    in path: String, _ body: (String) throws(FilesError) -> Void
  ) throws(FilesError) {
    guard let folder = opendir(path) else { throw .last("list", path) }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      if let name, name != ".", name != ".." { try body(name) }
    }
  }
}

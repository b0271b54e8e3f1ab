// Staging folders whose attempts left nothing behind, for the next attempts: making and removing a
// folder and a file costs four journal operations, renaming a folder one.

import DurableFiles
import Glibc
import Synchronization

/// A few used, clean folders.
///
/// What stands on the shelf keeps its old attempt's name until it is used again.
final class StagingShelf: Sendable {
  private static let foldersMax = 16
  private let folders = Mutex<[StagingFolder]>([])

  /// Makes the folder, from a used one where there is one.
  func create(
    _ folder: StagingFolder, document: String, feedback: String?
  ) throws(FilesError) {
    let used = feedback == nil ? take(beside: folder) : nil
    if let used {
      if used.becomes(folder, document: document) { return }
      try used.remove()
      try folder.remove()
    }
    try folder.create(document: document, feedback: feedback)
  }

  /// Puts away a clean folder; removes it when the shelf is full.
  func putAway(_ folder: StagingFolder) throws(FilesError) {
    let isKept = folders.withLock { folders in
      if folders.count < Self.foldersMax { folders.append(folder) }
      return folders.last == folder
    }
    if !isKept { try folder.remove() }
  }

  /// Removes every folder from the shelf and the disk.
  func clear() throws(FilesError) {
    let all = folders.withLock { folders in
      defer { folders = [] }
      return folders
    }
    for folder in all { try folder.remove() }
  }

  private func take(beside folder: StagingFolder) -> StagingFolder? {
    folders.withLock { folders in
      guard let index = folders.lastIndex(where: { $0.parent == folder.parent }) else { return nil }
      return folders.remove(at: index)
    }
  }
}

extension StagingFolder {
  /// Whether the attempt left the folder as it was: private, and nothing in it but the item.
  var isClean: Bool {
    let number = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard number >= 0, let listing = fdopendir(number) else { return false }
    defer { closedir(listing) }
    var status = stat()
    guard fstat(number, &status) == 0, status.st_mode & 0o7777 == 0o700 else { return false }
    var count = 0
    // `.`, `..` and one more: which one that is, `becomes` finds out.
    while readdir(listing) != nil, count <= 3 { count += 1 }
    return count == 3
  }

  /// Renames the folder and writes the new item into it; `false` when that cannot be done safely.
  ///
  /// The file is written in place, so it must be the only name of its bytes. It is never cut to
  /// zero first: ext4 would then write it out at once (`auto_da_alloc`).
  fileprivate func becomes(_ folder: StagingFolder, document: String) -> Bool {
    guard rename(path, folder.path) == 0 else { return false }
    let number = open(folder.itemDocument, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
    guard number >= 0 else { return false }
    let file = Descriptor(owning: number)
    var status = stat()
    guard fstat(number, &status) == 0, status.isFile, status.st_nlink == 1 else { return false }
    var document = document
    let isWritten = document.withUTF8 { bytes in
      pwrite(file.number, bytes.baseAddress, bytes.count, 0) == bytes.count
    }
    let size = off_t(document.utf8.count)
    return isWritten && (status.st_size <= size || ftruncate(file.number, size) == 0)
  }
}

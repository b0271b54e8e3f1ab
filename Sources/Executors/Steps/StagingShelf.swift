// Staging folders whose attempts left nothing behind, for the next attempts: making and removing a
// folder and a file costs four journal operations, renaming a folder one.

import CSpawn
import DurableFiles
import Glibc
import Synchronization

/// Used, clean folders.
///
/// What stands on the shelf keeps its old attempt's name until it is used again.
final class StagingShelf: Sendable {
  /// As many as one commit of ended attempts may bring at once.
  private static let foldersMax = 128
  private let folders = Mutex<[StagingFolder]>([])

  /// Makes a folder with what the process may read, from a used one where there is one.
  ///
  /// - Returns: where it stands until `StagingFolder.open(from:)`.
  func prepare(
    _ folder: StagingFolder, document: String, feedback: String?
  ) throws(FilesError) -> String {
    if feedback == nil, let used = take(beside: folder) {
      if used.takes(document: document) { return used.path }
      try used.remove()
    }
    return try folder.prepare(document: document, feedback: feedback)
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
  ///
  /// Which entry the one is, `takes` finds out.
  var isClean: Bool { cs_private_entries(path, 1) == 1 }

  /// Writes the new item into the folder; `false` when that cannot be done safely.
  ///
  /// The file is written in place, so it must be the only name of its bytes. It is never cut to
  /// zero first: ext4 would then write it out at once (`auto_da_alloc`).
  fileprivate func takes(document: String) -> Bool {
    let number = Glibc.open(itemDocument, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
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

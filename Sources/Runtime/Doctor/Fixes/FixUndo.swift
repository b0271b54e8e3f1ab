// The last fix taken back, unless something newer rests on it.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Glibc

/// Why a fix is not taken back.
package enum UndoError: Error, Hashable, CustomStringConvertible {
  case nothing
  /// The run went on since: what it finished would be lost.
  case wentOn(code: String)

  package var description: String {
    switch self {
    case .nothing: "no fix is left to take back"
    case .wentOn(let code):
      "the fix of \(code) is not taken back: the run went on since, and its results would be lost"
    }
  }
}

/// Takes one fix back.
///
/// Needs the workspace's lock.
struct FixUndo {
  let layout: WorkspaceLayout

  /// - Returns: the fix's code and what was done, a sentence each.
  func undoLast() throws -> (code: String, done: [String]) {
    guard let (folder, found) = FixManifests.all(layout).first(where: { !$0.manifest.isUndone })
    else { throw UndoError.nothing }
    try requireNothingNewer(than: found)
    var done: [String] = []
    for entry in found.entries.reversed() { done += try undo(entry, in: folder) }
    var manifest = found
    manifest.isUndone = true
    try FixManifests.write(manifest, in: folder)
    return (manifest.code, done)
  }

  private func requireNothingNewer(than manifest: FixManifest) throws {
    guard let last = manifest.lastSequence else { return }
    let reader = try SQLiteReader(path: layout.database)
    guard try reader.entries(of: nil, after: last, limit: 1).isEmpty else {
      throw UndoError.wentOn(code: manifest.code)
    }
  }

  private func undo(_ entry: FixManifest.Entry, in folder: String) throws -> [String] {
    let path = layout.absolute(entry.path)
    if let after = entry.after, try content(of: path) != after {
      return ["\(entry.path) was changed since and is left alone"]
    }
    switch entry.kind {
    case .copied, .moved:
      guard let saved = entry.saved.map({ "\(folder)/\($0)" }), exists(saved) else { return [] }
      try put(saved, at: path, isCopy: entry.kind == .copied)
      return ["\(entry.path) is as it was"]
    case .absent:
      guard exists(path) else { return [] }
      try FileTree.remove(path)
      return ["\(entry.path) is gone again"]
    case .mode:
      guard let mode = entry.mode, exists(path) else { return [] }
      guard chmod(path, mode) == 0 else { throw failure("chmod", path) }
      return ["\(entry.path) has its old permissions"]
    case .length:
      guard let length = entry.length, exists(path) else { return [] }
      guard truncate(path, off_t(length)) == 0 else { throw failure("cut", path) }
      return []
    }
  }

  /// Beside the target first, so that a crash leaves the one or the other whole.
  private func put(_ saved: String, at path: String, isCopy: Bool) throws {
    // A folder and a file do not replace each other.
    if isFolder(path) || isFolder(saved), exists(path) { try FileTree.remove(path) }
    guard isCopy else {
      guard rename(saved, path) == 0 else { throw failure("move", saved) }
      return
    }
    let temporary = "\(path).undo-\(getpid())"
    try FileTree.remove(temporary)
    try FileManager.default.copyItem(atPath: saved, toPath: temporary)
    guard rename(temporary, path) == 0 else { throw failure("replace", path) }
  }

  private func content(of path: String) throws -> Digest? {
    exists(path) ? try FileHasher.digest(of: path) : nil
  }

  private func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private func failure(_ operation: String, _ path: String) -> FilesError {
    .system(operation: operation, path: path, errno: errno)
  }
}

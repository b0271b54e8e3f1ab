// Where a replay's files lie while somebody looks at the past: a folder that nobody else may enter.

import DurableFiles
import Foundation

/// A folder of this value's own; it is removed with it.
///
/// What a process left that was killed is removed by the next one.
final class PastFolder {
  let path: String
  /// Says that the folder is in use.
  private let lock: EngineLock

  /// Makes a folder below `parent`, or, where nothing may be written, in the system's own place for
  /// what is temporary.
  init(in parent: String) throws {
    let name = UUID().uuidString.lowercased()
    var place = "\(parent)/\(name)"
    do {
      try Self.make(parent)
      Self.sweep(parent)
      try Self.make(place)
    } catch {
      place = "\(NSTemporaryDirectory())/footplate-past-\(name)"
      try Self.make(place)
    }
    path = place
    lock = try EngineLock.acquire(at: Self.lock(of: place))
  }

  deinit {
    // What cannot be removed now is removed by whoever looks at the past next.
    try? FileTree.remove(path)
    rmdir((path as NSString).deletingLastPathComponent)  // it stays when others are in it
  }

  private static func lock(of folder: String) -> String { folder + "/lock" }

  private static func make(_ path: String) throws {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if isThere, isFolder.boolValue { return }
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  }

  /// Removes the folders whose owners are dead.
  private static func sweep(_ parent: String) {
    // A folder that cannot be listed has nothing in it for us.
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
      let folder = "\(parent)/\(name)"
      guard isOld(folder), !EngineLock.isHeld(at: lock(of: folder)) else { continue }
      try? FileTree.remove(folder)  // the next one tries again
    }
  }

  /// One that was made just now may not be locked yet.
  private static func isOld(_ folder: String) -> Bool {
    var status = stat()
    return lstat(folder, &status) == 0
      && Date().timeIntervalSince1970 - Double(status.st_mtim.tv_sec) > 60
  }
}

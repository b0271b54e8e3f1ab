// Which of a hundred thousand remembered files changed: two system calls a folder, one a file.

package import BatchModel
import Dispatch
import FoundationEssentials
import Glibc
package import Resilience
import Synchronization

extension FileDigests {
  /// The paths whose files are missing, or whose stamps differ or are too young to be trusted, in
  /// the order of `entries`.
  ///
  /// Fastest when `entries` are sorted by path, since a folder is opened once for neighbours. Uses
  /// two threads; blocks its own.
  package func changedPaths(among entries: [StampedFile], at now: Instant) -> [String] {
    let partCount = entries.count < 2048 ? 1 : 2
    let found = Mutex([[String]](repeating: [], count: partCount))
    DispatchQueue.concurrentPerform(iterations: partCount) { part in
      let start = entries.count * part / partCount
      let end = entries.count * (part + 1) / partCount
      let changed = self.changed(among: entries[start..<end], at: now)
      found.withLock { $0[part] = changed }
    }
    return found.withLock { $0.flatMap { $0 } }
  }

  private func changed(among entries: ArraySlice<StampedFile>, at now: Instant) -> [String] {
    var folder = OpenFolder(root: root)
    var changed: [String] = []
    var status = stat()
    for entry in entries {
      guard folder.look(at: entry.path, &status), FileStamp(status) == entry.stamp,
        Self.isTrustworthy(entry.stamp, at: now)
      else {
        changed.append(entry.path)
        continue
      }
    }
    return changed
  }
}

/// The folder of the file that was looked at last, kept open for its neighbours.
private struct OpenFolder: ~Copyable {
  private let root: String
  private var name: [CChar] = []
  private var descriptor: Int32 = -1

  init(root: String) { self.root = root }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Fills `status`; `false` when there is no such file.
  mutating func look(at path: String, _ status: inout stat) -> Bool {
    path.withCString { characters in
      guard let slash = strrchr(characters, Int32(UInt8(ascii: "/"))), slash > characters else {
        return stat(Self.absolute(path, root), &status) == 0
      }
      let count = slash - UnsafeMutablePointer(mutating: characters)
      if count != name.count || memcmp(characters, name, count) != 0 {
        change(to: UnsafeBufferPointer(start: characters, count: count))
      }
      return descriptor >= 0 && fstatat(descriptor, slash + 1, &status, 0) == 0
    }
  }

  private mutating func change(to folder: UnsafeBufferPointer<CChar>) {
    if descriptor >= 0 { close(descriptor) }
    name = Array(folder)
    let relative = String(decoding: folder.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    descriptor = open(Self.absolute(relative, root), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  }

  private static func absolute(_ path: String, _ root: String) -> String {
    path.utf8.first == UInt8(ascii: "/") ? path : "\(root)/\(path)"
  }
}

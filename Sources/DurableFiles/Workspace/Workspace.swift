// The definition's folder: everything in it is opened beneath its root, and nothing outside.

import CSpawn
import Glibc
import Synchronization

/// The folder in which artifacts are published.
package final class Workspace: Sendable {
  /// How containment is proven.
  package enum Resolution: Sendable {
    /// By openat2(2), Linux 5.6 and later: symbolic links to folders inside are followed. Where the
    /// call is missing, component by component.
    case kernel
    /// Component by component, so that a symbolic link to any folder is refused.
    case componentwise
  }

  /// The root's path.
  package let path: String
  private let root: Descriptor
  private let resolution: Resolution
  /// Folders that this process has synced together with all that lead to them: bounded, since
  /// forgetting one costs only another sync.
  private let syncedFolders = Mutex<Set<String>>([])
  private static let syncedFoldersMax = 4096

  package init(at path: String, resolution: Resolution = .kernel) throws(FilesError) {
    self.path = path
    self.resolution = resolution
    root = try Descriptor(opening: path, O_RDONLY | O_DIRECTORY)
  }

  /// The path as a person knows it.
  func fullPath(_ relative: String) -> String { relative.isEmpty ? path : "\(path)/\(relative)" }

  /// Opens the folder in which `path` stands; `nil` when there is none.
  func folder(of path: WorkspacePath) throws(FilesError) -> Descriptor? {
    let prefix = path.folderComponents.joined(separator: "/")
    let number = open(prefix)
    if number >= 0 { return Descriptor(owning: number) }
    if errno == ENOENT { return nil }
    throw failure(at: prefix)
  }

  /// Opens the folder in which `path` stands; missing ones are made (0755, less the umask), durably.
  func makeFolder(of path: WorkspacePath) throws(FilesError) -> Descriptor {
    let prefix = path.folderComponents.joined(separator: "/")
    if syncedFolders.withLock({ $0.contains(prefix) }), let known = try folder(of: path) {
      return known
    }
    var current = try openOrThrow("")
    var walked = ""
    for component in path.folderComponents {
      walked += walked.isEmpty ? component : "/" + component
      var number = open(walked)
      if number < 0, errno == ENOENT {
        guard mkdirat(current.number, component, 0o755) == 0 || errno == EEXIST else {
          throw .last("create", fullPath(walked))
        }
        number = open(walked)
      }
      guard number >= 0 else { throw failure(at: walked) }
      try current.sync(path: fullPath(walked))
      current = Descriptor(owning: number)
    }
    remember(prefix)
    return current
  }

  private func remember(_ folder: String) {
    syncedFolders.withLock { folders in
      if folders.count >= Self.syncedFoldersMax { folders.removeAll() }
      folders.insert(folder)
    }
  }

  private func openOrThrow(_ relative: String) throws(FilesError) -> Descriptor {
    let number = open(relative)
    guard number >= 0 else { throw failure(at: relative) }
    return Descriptor(owning: number)
  }

  /// A folder's descriptor, or -1 and errno; EXDEV when it lies outside.
  private func open(_ relative: String) -> Int32 {
    let flags = O_RDONLY | O_DIRECTORY
    if resolution == .kernel {
      let number = cs_open_beneath(root.number, relative.isEmpty ? "." : relative, flags, 0)
      // ENOSYS: an old kernel; EPERM: a container's filter that does not know the call.
      if number >= 0 || (errno != ENOSYS && errno != EPERM) { return number }
    }
    return openComponentwise(relative, flags | O_NOFOLLOW | O_CLOEXEC)
  }

  private func openComponentwise(_ relative: String, _ flags: Int32) -> Int32 {
    var number = openat(root.number, ".", flags)
    for component in relative.utf8.split(separator: UInt8(ascii: "/")) where number >= 0 {
      let name = String(Substring(component))
      let next = openat(number, name, flags)
      var reason = errno
      // With O_DIRECTORY the kernel says ENOTDIR for a symbolic link too.
      if next < 0, reason == ENOTDIR, isLink(name, in: number) { reason = EXDEV }
      close(number)
      errno = reason
      number = next
    }
    return number
  }

  private func isLink(_ name: String, in folder: Int32) -> Bool {
    var status = stat()
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0
      && status.st_mode & S_IFMT == S_IFLNK
  }

  private func failure(at relative: String) -> FilesError {
    errno == EXDEV ? .leavesWorkspace(relative) : .last("open", fullPath(relative))
  }
}

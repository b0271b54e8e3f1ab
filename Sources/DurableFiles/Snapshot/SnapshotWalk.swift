// The files and links below a folder, found without following a single link.

import CSpawn
import Glibc

/// Something that a snapshot could not take up, and why.
package struct SnapshotProblem: Hashable, Sendable, CustomStringConvertible {
  /// Hostile text: a name that is no UTF-8 is shown with replacement characters.
  package var path: String
  package var reason: String
  package var description: String { "\(path): \(reason)" }
}

/// Walks a workspace.
struct SnapshotWalk: ~Copyable {
  enum Kind { case file, link }
  struct Found {
    var path: String
    var kind: Kind
  }

  private let root: Int32
  private let rules: SnapshotRules
  private(set) var found: [Found] = []
  private(set) var problems: [SnapshotProblem] = []
  /// Folders to be looked into, with a slash at their end; empty for the root.
  private var folders = [""]

  /// - Parameter root: An open folder, which somebody else closes.
  init(root: Int32, rules: SnapshotRules) {
    self.root = root
    self.rules = rules
  }

  mutating func run() {
    while let folder = folders.popLast() { list(folder) }
  }

  private mutating func list(_ folder: String) {
    // Beneath the root and without links: a swapped folder leads nowhere else.
    let number = cs_open_beneath(
      root, folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
    guard number >= 0 else { return note(folder) }
    guard let listing = fdopendir(number) else {
      close(number)
      return note(folder)
    }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      let type = entry.pointee.d_type
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { text in
          (valid: String(validatingCString: text), shown: String(cString: text))
        }
      }
      guard let valid = name.valid else {
        problems.append(SnapshotProblem(path: folder + name.shown, reason: "its name is no UTF-8"))
        continue
      }
      if valid != ".", valid != ".." { take(valid, type, in: folder, number) }
    }
  }

  private mutating func take(_ name: String, _ type: UInt8, in folder: String, _ number: Int32) {
    let path = folder + name
    if rules.excludes(path: path, name: name) { return }
    switch Self.mode(of: name, type, in: number) {
    case S_IFREG: found.append(Found(path: path, kind: .file))
    case S_IFLNK: found.append(Found(path: path, kind: .link))
    case S_IFDIR: folders.append(path + "/")
    case 0: break
    default:
      problems.append(SnapshotProblem(path: path, reason: "neither file, folder nor link"))
    }
  }

  /// The file's type as `st_mode` has it; 0 when it is gone.
  private static func mode(of name: String, _ type: UInt8, in folder: Int32) -> mode_t {
    // DT_* are S_IF* without their lower bits; DT_UNKNOWN is 0 on file systems that do not say.
    if type != 0 { return mode_t(type) << 12 }
    var status = stat()
    guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return 0 }
    return status.st_mode & S_IFMT
  }

  private mutating func note(_ folder: String) {
    let reason = errno
    // One that is gone meanwhile is none of the snapshot's.
    guard reason != ENOENT else { return }
    problems.append(
      SnapshotProblem(path: folder, reason: "cannot list it: \(String(cString: strerror(reason)))"))
  }
}

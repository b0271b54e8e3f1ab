// PERMISSIONS_TOO_OPEN: somebody else may read or write what is the owner's alone.

import BatchModel
import DurableFiles
import Foundation
import Glibc

extension DoctorCheck {
  static let permissionsTooOpen = DoctorCheck(.permissionsTooOpen) { examination in
    let open = OpenPermissions(layout: examination.layout).find()
    guard let first = open.first else { return [] }
    let rest = open.count > 1 ? " and \(open.count - 1) more" : ""
    return [
      Finding(
        .permissionsTooOpen, .error, first.path,
        "others than its owner have access (mode \(String(first.mode, radix: 8)))\(rest)", .safe,
        "takes the access away from group and others, \(open.count) paths",
        preview: open.map { "\($0.path) (mode \(String($0.mode, radix: 8)))" })
    ]
  } fix: { _, session in
    let open = OpenPermissions(layout: session.layout).find()
    for found in open { try session.backup.saveMode(found.path) }
    return try OpenPermissions.close(open)
  }
}

/// The private files and folders that are open to others.
struct OpenPermissions {
  struct Found {
    var path: String
    var mode: mode_t
  }
  let layout: WorkspaceLayout

  /// The state folder, what is in it, and what is in the folders where requests and runs lie.
  ///
  /// Objects and staging are not walked: nobody reaches them through a closed folder.
  func find() -> [Found] {
    var paths = [layout.state]
    for name in names(in: layout.state) { paths.append("\(layout.state)/\(name)") }
    for folder in [layout.requests, layout.viewers, layout.runs, layout.backups] {
      paths += names(in: folder).map { "\(folder)/\($0)" }
    }
    for run in names(in: layout.runs) {
      paths += names(in: "\(layout.runs)/\(run)").map { "\(layout.runs)/\(run)/\($0)" }
    }
    return paths.compactMap(open)
  }

  /// Takes the access of group and others away.
  static func close(_ found: [Found]) throws -> [String] {
    try found.map { found in
      guard chmod(found.path, found.mode & 0o700) == 0 || errno == ENOENT else {
        throw FilesError.system(operation: "chmod", path: found.path, errno: errno)
      }
      return "\(found.path) is for its owner alone"
    }
  }

  private func open(_ path: String) -> Found? {
    var status = stat()
    // What is gone by now, and links, whose own permissions mean nothing, are not open.
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK,
      status.st_mode & 0o077 != 0
    else { return nil }
    return Found(path: path, mode: status.st_mode & 0o7777)
  }

  private func names(in folder: String) -> [String] {
    // A folder that is not there has nothing open in it.
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}

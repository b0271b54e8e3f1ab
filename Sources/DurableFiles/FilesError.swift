// Everything that can go wrong with files here, in one closed type with a sentence for a person.

package import BatchModel
import Glibc

/// An operating error of a file operation.
package enum FilesError: Error, Hashable, Sendable {
  /// A system call failed; `errno` says how.
  case system(operation: String, path: String, errno: Int32)
  /// The bytes are not the ones that the digest names.
  case digestMismatch(path: String, expected: Digest, found: Digest)
  /// No object has this digest.
  case objectMissing(Digest)
  /// The path is none that may be published; `reason` ends the sentence.
  case invalidPath(String, reason: String)
  /// A symbolic link on the way leads out of the workspace.
  case leavesWorkspace(String)
  /// Something else than a regular file stands there.
  case notAFile(String, kind: String)
  /// The file was changed each time that it was read.
  case keepsChanging(String)
  /// Another process holds the lock; `holder` is what it wrote of itself.
  case locked(String, holder: String)
}

extension FilesError {
  /// The error that the last failed system call left in `errno`.
  static func last(_ operation: String, _ path: String) -> FilesError {
    .system(operation: operation, path: path, errno: errno)
  }

  /// A stable word for the ledger and for scripts.
  package var code: String {
    switch self {
    case .system: isDiskFull ? "disk-full" : "file-operation"
    case .digestMismatch: "digest-mismatch"
    case .objectMissing: "object-missing"
    case .invalidPath: "invalid-path"
    case .leavesWorkspace: "leaves-workspace"
    case .notAFile: "not-a-file"
    case .keepsChanging: "keeps-changing"
    case .locked: "locked"
    }
  }

  /// Whether the disk or the quota is full: free the reserve, record what is in flight, and stop.
  package var isDiskFull: Bool {
    guard case .system(_, _, let number) = self else { return false }
    return number == ENOSPC || number == EDQUOT
  }

  /// Whether the same call could succeed later without anybody's help.
  package var isRetryable: Bool {
    switch self {
    case .system(_, _, let number):
      [EMFILE, ENFILE, ENOMEM, EAGAIN, EINTR, EIO, ENOSPC, EDQUOT].contains(number)
    case .keepsChanging, .locked: true
    case .digestMismatch, .objectMissing, .invalidPath, .leavesWorkspace, .notAFile: false
    }
  }
}

extension FilesError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let operation, let path, let number):
      "cannot \(operation) \(path): \(String(cString: strerror(number)))"
    case .digestMismatch(let path, let expected, let found):
      "\(path) has \(found) but should have \(expected); restore it with `footplate verify --repair`"
    case .objectMissing(let digest):
      "the object \(digest) is missing; `footplate verify` lists what needs it"
    case .invalidPath(let path, let reason):
      "the path \"\(path)\" \(reason); give one relative to the definition's folder"
    case .leavesWorkspace(let path):
      "\(path) leaves the workspace through a symbolic link; give a path that stays inside"
    case .notAFile(let path, let kind):
      "\(path) is \(kind), not a file; move it away or choose another path"
    case .keepsChanging(let path):
      "\(path) changes while it is read; try again when its writer is done"
    case .locked(let path, let holder):
      "\(path) is held by \(holder); use `footplate attach`, or stop that engine first"
    }
  }
}

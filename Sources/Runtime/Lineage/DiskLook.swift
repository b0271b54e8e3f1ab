// How files of the workspace stand now, each looked at once.

import BatchModel
import Synchronization

/// A look at files, remembered for as long as this value lives.
final class DiskLook: Sendable {
  private enum Found {
    case file(Digest)
    case nothing, unreadable
  }
  private let files: any InputFiles
  private let found = Mutex<[String: Found]>([:])

  init(files: any InputFiles) { self.files = files }

  /// `nil` when there is no file that could be read.
  func digest(of path: String) -> Digest? {
    if case .file(let digest) = look(path) { digest } else { nil }
  }

  /// Whether something stands there that is no file: a folder, most likely.
  func isNoFile(_ path: String) -> Bool {
    if case .unreadable = look(path) { !files.isFile(path) } else { false }
  }

  func standing(of path: String, as digest: Digest?) -> LineageGraph.FileStanding {
    switch look(path) {
    case .nothing: .missing
    case .unreadable: .unknown
    case .file(let present):
      if let digest { present == digest ? .same : .changed } else { .unknown }
    }
  }

  private func look(_ path: String) -> Found {
    if let known = found.withLock({ $0[path] }) { return known }
    // What a hook names may lie anywhere; what is outside of the workspace is not looked at.
    guard !path.hasPrefix("/") else { return .unreadable }
    let fresh: Found
    do {
      fresh = try files.digest(of: path).map { .file($0) } ?? .nothing
    } catch {
      // What cannot be read is told as such; why, is another command's matter.
      fresh = .unreadable
    }
    found.withLock { $0[path] = fresh }
    return fresh
  }
}

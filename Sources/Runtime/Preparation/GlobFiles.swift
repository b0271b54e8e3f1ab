// The files that a glob of `reads:` means, found without reading folders that cannot have them.

import BatchDefinition
import BatchModel
import Foundation

/// Finds files below a folder.
struct GlobFiles {
  private let root: String
  private let renderer: TemplateRenderer

  init(below root: String, renderer: TemplateRenderer) {
    self.root = root
    self.renderer = renderer
  }

  /// Sorted by path; empty when nothing matches.
  ///
  /// - Throws: `ItemSourceError` for a glob that is none.
  func paths(matching glob: String) throws -> [String] {
    let start = GlobRoot(of: glob)
    guard let pattern = start.pattern else {
      let folder = start.folder.split(separator: "/").dropLast().joined(separator: "/")
      return isPlainFolder(folder) && isFile(start.folder) ? [start.folder] : []
    }
    guard isPlainFolder(start.folder) else { return [] }
    let prefix = start.folder.isEmpty ? "" : start.folder + "/"
    let source = ItemSource(kind: .glob(patterns: [pattern], excluding: []))
    do {
      let items = try ItemEnumerator(source, folder: root + "/" + prefix, renderer: renderer) { _ in
        { nil }
      }
      var paths: [String] = []
      try items.forEachChunk(of: 10_000) { paths += $0.map { prefix + $0.key } }
      return paths
    } catch ItemSourceError.empty {
      return []
    }
  }

  /// A regular file, or a link to one, as the walk takes it.
  private func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat("\(root)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Whether every part of the path is a folder, and none a link to one: no walk follows those.
  private func isPlainFolder(_ path: String) -> Bool {
    var folder = root
    var status = stat()
    for name in path.split(separator: "/") {
      folder += "/\(name)"
      guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
    }
    return true
  }
}

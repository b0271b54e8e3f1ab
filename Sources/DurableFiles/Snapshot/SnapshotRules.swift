// What of a workspace is no part of its snapshot: histories, caches, our own state.

import Glibc

/// Exclusion rules.
package struct SnapshotRules: Hashable, Sendable {
  /// Left out wherever they stand, files and folders alike.
  package static let standardNames: Set<String> = [".git", "node_modules", ".footplate", ".build"]
  private let names: Set<String>
  private let patterns: [Pattern]

  private struct Pattern: Hashable, Sendable {
    var text: String
    /// A pattern with a slash is about the whole path, one without about every name.
    var isAboutPath: Bool
  }

  /// - Parameter patterns: Shell patterns (`fnmatch`): `*.log` leaves out such names at every depth,
  ///   `build/*` and `/dist` what matches from the workspace's root on. A folder that matches is left
  ///   out with all in it.
  package init(names: Set<String> = SnapshotRules.standardNames, patterns: [String] = []) {
    self.names = names
    self.patterns = patterns.map { text in
      // `dist/` means the folder.
      let body = text.hasSuffix("/") ? String(text.dropLast()) : text
      let isAboutPath = body.utf8.contains(UInt8(ascii: "/"))
      return Pattern(
        text: body.hasPrefix("/") ? String(body.dropFirst()) : body, isAboutPath: isAboutPath)
    }
  }

  func excludes(path: String, name: String) -> Bool {
    if names.contains(name) { return true }
    return patterns.contains { pattern in
      fnmatch(pattern.text, pattern.isAboutPath ? path : name, FNM_PATHNAME) == 0
    }
  }
}

// The command line of a hook, read by hand: the general parser needs longer than the whole of the rest.

package import BatchModel

/// What a hook asks for.
package struct TrackArguments: Hashable, Sendable {
  package var action: ArtifactAction
  package var paths: [String]
  package var from: [String]
  package var reason: String
  /// `-C`; without it the workspace is looked for.
  package var folder: String?

  package init(
    action: ArtifactAction, paths: [String], from: [String] = [], reason: String = "",
    folder: String? = nil
  ) {
    self.action = action
    self.paths = paths
    self.from = from
    self.reason = reason
    self.folder = folder
  }

  /// Reads the words behind `track`; `nil` for what is not as simple as a hook's line: the general
  /// parser reads that, and says what is wrong with it.
  package init?(_ words: some Collection<String>) {
    guard let first = words.first, let action = ArtifactAction(rawValue: first) else { return nil }
    self.init(action: action, paths: [])
    var isFrom = false
    var rest = Array(words.dropFirst())[...]
    while let word = rest.popFirst() {
      switch word {
      case "--from": isFrom = true
      case "--reason", "-C", "--folder":
        guard let value = rest.popFirst(), !value.hasPrefix("-") else { return nil }
        if word == "--reason" { reason = value } else { folder = value }
        isFrom = false
      default:
        guard !word.hasPrefix("-"), !word.isEmpty else { return nil }
        if isFrom { from.append(word) } else { paths.append(word) }
      }
    }
    guard !paths.isEmpty else { return nil }
  }
}

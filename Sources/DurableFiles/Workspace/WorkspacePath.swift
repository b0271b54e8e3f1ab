// A path that a definition or an item may name for publication: relative, plain, inside.

/// A validated path relative to the workspace's root.
package struct WorkspacePath: Hashable, Sendable, CustomStringConvertible {
  /// As it was given.
  package let text: String
  /// At least one; none is empty, `.` or `..`, or longer than 255 bytes.
  package let components: [String]

  package init(_ text: String) throws(FilesError) {
    self.text = text
    components = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
    if let reason = Self.problem(of: text, components) {
      throw .invalidPath(text, reason: reason)
    }
  }

  private static func problem(of text: String, _ components: [String]) -> String? {
    if text.isEmpty { return "is empty" }
    if text.utf8.first == UInt8(ascii: "/") { return "is absolute" }
    if text.utf8.contains(0) { return "contains a NUL byte" }
    if text.utf8.count > 4095 { return "is longer than 4,095 bytes" }
    for component in components {
      if component.isEmpty { return "has an empty component" }
      if component == "." { return "has the component `.`" }
      if component == ".." { return "has the component `..`" }
      if component.utf8.count > 255 { return "has a component of more than 255 bytes" }
    }
    return components[0] == ".footplate" ? "lies in the private folder .footplate" : nil
  }

  /// The last component.
  package var name: String { components[components.count - 1] }

  /// The folder's components; empty for the root.
  package var folderComponents: ArraySlice<String> { components.dropLast() }

  package var description: String { text }
}

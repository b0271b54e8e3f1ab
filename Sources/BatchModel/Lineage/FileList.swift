// The files that a glob matched, with their contents, as one object: a key that names ten thousand
// files would be repeated in the ledger for every attempt.

/// A list of files and their digests.
package struct FileList: Hashable, Sendable {
  /// A glob that matches more files than these stands in a key as one component with its list.
  package static let namedMax = 256

  /// By path.
  package let files: [String: Digest]

  package init(_ files: [String: Digest]) { self.files = files }

  /// Canonical JSON, so that equal lists are one object.
  package var bytes: [UInt8] {
    Array(JSONValue.object(files.mapValues { .string($0.hex) }).canonical.utf8)
  }

  /// `file a changed, file b added`: how it differs from an earlier one, at most `most` files of it.
  package func sentence(since earlier: FileList, most: Int = 5) -> String {
    let paths = Set(files.keys).union(earlier.files.keys)
      .filter { files[$0] != earlier.files[$0] }.sorted()
    var sentences = paths.prefix(most).map { path in
      let kind: KeyChange.Kind =
        earlier.files[path] == nil ? .added : files[path] == nil ? .removed : .changed
      return "\(KeyComponent.name(ofFile: path)) \(kind.rawValue)"
    }
    if paths.count > most { sentences.append("and \(paths.count - most) more") }
    return sentences.joined(separator: ", ")
  }

  /// Reads a list; `nil` for bytes that are none.
  package init?(_ bytes: [UInt8]) {
    // Whatever is wrong with them.
    guard case .object(let members)? = try? JSONReader.value(of: bytes[...]) else { return nil }
    var files: [String: Digest] = [:]
    for (path, value) in members {
      guard let digest = value.string.flatMap({ Digest($0) }) else { return nil }
      files[path] = digest
    }
    self.files = files
  }
}

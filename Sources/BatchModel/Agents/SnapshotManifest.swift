// What a workspace was at one moment: its files by content, and the name that follows from them.

/// `snap-<12 hex>`: the beginning of the digest of the manifest's entries.
package struct SnapshotID: Hashable, Sendable, TextCoded {
  package static let form = "snap-<12 hexadecimal digits>"
  package let text: String

  /// Reads `snap-<12 hex>`; `nil` for anything else.
  package init?(_ text: String) {
    guard text.wholeMatch(of: /snap-[0-9a-f]{12}/) != nil else { return nil }
    self.text = text
  }

  /// The name of a snapshot whose canonical entries have this digest.
  package init(digest: Digest) { text = "snap-" + digest.hex.prefix(12) }

  package var description: String { text }
}

/// The files of a workspace.
package struct SnapshotManifest: Hashable, Sendable, Codable {
  package static let version = 1
  package var version: Int
  package var id: SnapshotID
  /// Sorted by the UTF-8 bytes of their paths, without repeats; folders are not listed.
  package var entries: [SnapshotEntry]

  /// Sorts the entries and names the snapshot after them.
  package init(_ entries: [SnapshotEntry]) {
    version = Self.version
    self.entries = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    id = Self.id(of: self.entries)
  }

  /// Whether the id is the one that follows from the entries.
  package var isIntact: Bool { id == Self.id(of: entries) }

  /// Streams the canonical entries into the hash: a million files need no text of 100 MB.
  private static func id(of entries: [SnapshotEntry]) -> SnapshotID {
    var hasher = DigestHasher()
    var line = ""
    for entry in entries {
      line.removeAll(keepingCapacity: true)
      entry.appendCanonical(to: &line)
      line += "\n"
      hasher.update(line.utf8)
    }
    return SnapshotID(digest: hasher.finish())
  }

  enum CodingKeys: String, CodingKey {
    case version = "schema_version"
    case id, entries
  }
}

/// One file or symbolic link.
package struct SnapshotEntry: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    case file(digest: Digest, sizeBytes: Int64, isExecutable: Bool)
    /// The link's own text, never what stands behind it.
    case link(target: String)
  }
  /// Relative to the workspace, components joined by `/`.
  package var path: String
  package var content: Content
  package init(path: String, content: Content) {
    self.path = path
    self.content = content
  }

  /// Appends the entry's canonical JSON, as digests and manifests have it.
  ///
  /// By hand: a workspace has a hundred thousand entries.
  package func appendCanonical(to text: inout String) {
    switch content {
    case .file(let digest, let sizeBytes, let isExecutable):
      text += "{\"digest\":\"sha256:"
      text += digest.hex
      text += "\",\"executable\":\(isExecutable),\"path\":"
      JSONValue.appendQuoted(path, to: &text)
      text += ",\"size\":\(sizeBytes)}"
    case .link(let target):
      text += "{\"link\":"
      JSONValue.appendQuoted(target, to: &text)
      text += ",\"path\":"
      JSONValue.appendQuoted(path, to: &text)
      text += "}"
    }
  }
}

extension SnapshotEntry: Codable {
  private enum CodingKeys: String, CodingKey { case path, digest, size, executable, link }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    path = try container.decode(String.self, forKey: .path)
    if let target = try container.decodeIfPresent(String.self, forKey: .link) {
      content = .link(target: target)
    } else {
      content = .file(
        digest: try container.decode(Digest.self, forKey: .digest),
        sizeBytes: try container.decode(Int64.self, forKey: .size),
        isExecutable: try container.decode(Bool.self, forKey: .executable))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    switch content {
    case .link(let target): try container.encode(target, forKey: .link)
    case .file(let digest, let sizeBytes, let isExecutable):
      try container.encode(digest, forKey: .digest)
      try container.encode(sizeBytes, forKey: .size)
      try container.encode(isExecutable, forKey: .executable)
    }
  }
}

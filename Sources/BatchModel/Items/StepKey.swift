// The idempotency key of a step: what determines its result, in two halves.

/// `ik:<64 hex>`.
package struct IdempotencyKey: Hashable, Sendable, TextCoded {
  package static let form = "ik:<64 hexadecimal digits>"
  package let digest: Digest
  package init(digest: Digest) { self.digest = digest }
  /// Reads `ik:<64 hex>`; `nil` for anything else.
  package init?(_ text: String) {
    guard text.hasPrefix("ik:"), let digest = Digest(String(text.dropFirst(3))) else { return nil }
    self.digest = digest
  }
  package var description: String { "ik:" + digest.hex }
}

/// One thing that a step's result depends on.
package struct KeyComponent: Hashable, Sendable, Codable {
  /// What it is, for a person: `payload`, `file Sources/A.swift`, `arguments`, `check lint`.
  package var name: String
  package var half: KeyHalf
  package var digest: Digest
  /// The workspace file that it stands for, relative to the definition's folder, if it is one.
  package var path: String?
  package init(name: String, half: KeyHalf, digest: Digest, path: String? = nil) {
    self.name = name
    self.half = half
    self.digest = digest
    self.path = path
  }
}

/// The key with its components, sorted by name: `why` names the one that changed.
package struct StepKey: Hashable, Sendable, Codable {
  package private(set) var components: [KeyComponent]
  package let key: IdempotencyKey
  package let inputDigest: Digest
  package let recipeDigest: Digest
  /// The globs of `reads:` as they were rendered, sorted: no part of the key, since what they match
  /// is, but a file that begins to match one is found by them.
  package let reads: [String]

  package init(components: [KeyComponent], reads: [String] = []) {
    self.reads = Array(Set(reads)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let sorted = components.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    self.components = sorted
    inputDigest = Self.digest(of: sorted.filter { $0.half == .input })
    recipeDigest = Self.digest(of: sorted.filter { $0.half == .recipe })
    key = IdempotencyKey(
      digest: Digest(
        of: JSONValue.object([
          "input": .string(inputDigest.hex), "recipe": .string(recipeDigest.hex),
        ]).canonical))
  }

  /// The same key with one component in the place of many: what it is is not changed by how it is
  /// written down.
  package func replacing(_ names: Set<String>, by component: KeyComponent) -> StepKey {
    var shorter = self
    shorter.components.removeAll { names.contains($0.name) }
    shorter.components.append(component)
    shorter.components.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return shorter
  }

  private static func digest(of components: [KeyComponent]) -> Digest {
    Digest(
      of: JSONValue.array(
        components.map { .array([.string($0.name), .string($0.digest.hex)]) }
      ).canonical)
  }

  /// The names of the components that differ from an earlier key's, sorted: `changed`, `added`,
  /// `removed`.
  package func changes(since earlier: StepKey) -> [KeyChange] {
    let before = Dictionary(uniqueKeysWithValues: earlier.components.map { ($0.name, $0) })
    let after = Dictionary(uniqueKeysWithValues: components.map { ($0.name, $0) })
    var changes: [KeyChange] = []
    for component in components {
      guard let old = before[component.name] else {
        changes.append(KeyChange(name: component.name, half: component.half, kind: .added))
        continue
      }
      if old.digest != component.digest {
        changes.append(KeyChange(name: component.name, half: component.half, kind: .changed))
      }
    }
    for old in earlier.components where after[old.name] == nil {
      changes.append(KeyChange(name: old.name, half: old.half, kind: .removed))
    }
    return changes.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}

extension StepKey {
  private enum Member: String, CodingKey { case components, key, inputDigest, recipeDigest, reads }

  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Member.self)
    components = try members.decode([KeyComponent].self, forKey: .components)
    key = try members.decode(IdempotencyKey.self, forKey: .key)
    inputDigest = try members.decode(Digest.self, forKey: .inputDigest)
    recipeDigest = try members.decode(Digest.self, forKey: .recipeDigest)
    reads = try members.decodeIfPresent([String].self, forKey: .reads) ?? []
  }

  package func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: Member.self)
    try members.encode(components, forKey: .components)
    try members.encode(key, forKey: .key)
    try members.encode(inputDigest, forKey: .inputDigest)
    try members.encode(recipeDigest, forKey: .recipeDigest)
    if !reads.isEmpty { try members.encode(reads, forKey: .reads) }
  }
}

/// One difference between two keys.
package struct KeyChange: Hashable, Sendable, Codable {
  package enum Kind: String, Hashable, Sendable, Codable { case changed, added, removed }
  package var name: String
  package var half: KeyHalf
  package var kind: Kind
  package init(name: String, half: KeyHalf, kind: Kind) {
    self.name = name
    self.half = half
    self.kind = kind
  }
}

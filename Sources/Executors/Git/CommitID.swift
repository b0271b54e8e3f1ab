// The name of a commit, known to be nothing else before it gets near a command line.

/// 40 or 64 lower-case hexadecimal digits.
package struct CommitID: Hashable, Sendable, Codable, CustomStringConvertible {
  package let text: String

  /// `nil` for anything else.
  package init?(_ text: some StringProtocol) {
    let isHex = text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    guard isHex, text.utf8.count == 40 || text.utf8.count == 64 else { return nil }
    self.text = String(text)
  }

  package var description: String { text }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let commit = CommitID(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a commit's 40 or 64 hexadecimal digits")
    }
    self = commit
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

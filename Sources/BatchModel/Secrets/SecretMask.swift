// Which byte sequences are secrets: the declared ones, and what has a token's shape.

/// What is replaced by `***` before a log or a message is written.
package struct SecretMask: Sendable {
  /// A prefix, and how many of which characters must follow for it to be a token.
  struct Shape: Sendable {
    let prefix: [UInt8]
    let restCountMin: Int
    /// How much of the prefix stays readable.
    let shownCount: Int

    init(_ prefix: String, atLeast restCountMin: Int, shown: Int = 0) {
      self.prefix = Array(prefix.utf8)
      self.restCountMin = restCountMin
      shownCount = shown
    }
  }

  /// Sources: the providers' published key formats (OpenAI and Anthropic `sk-`, GitHub
  /// "Behind GitHub's new authentication token formats", 2021, AWS IAM identifiers, Slack, Google,
  /// GitLab) and RFC 6750 for `Bearer`.
  static let shapes = [
    Shape("sk-", atLeast: 16), Shape("ghp_", atLeast: 20), Shape("gho_", atLeast: 20),
    Shape("ghu_", atLeast: 20), Shape("ghs_", atLeast: 20), Shape("ghr_", atLeast: 20),
    Shape("github_pat_", atLeast: 20), Shape("glpat-", atLeast: 16), Shape("AKIA", atLeast: 16),
    Shape("ASIA", atLeast: 16), Shape("AIza", atLeast: 30), Shape("xoxb-", atLeast: 10),
    Shape("xoxp-", atLeast: 10), Shape("xoxa-", atLeast: 10), Shape("eyJ", atLeast: 40),
    Shape("Bearer ", atLeast: 8, shown: 7), Shape("bearer ", atLeast: 8, shown: 7),
  ]
  static let replacement = Array("***".utf8)
  /// A shorter secret would mask half of every log.
  static let secretBytesMin = 6

  /// Longest first, so that a secret that begins with another one goes whole.
  let secrets: [[UInt8]]
  /// For every byte whether a secret or a shape begins with it.
  let isStart: [Bool]
  let longestSecretBytes: Int
  let hasNewlines: Bool

  /// Masks the values of declared secrets (of at least six bytes) and the common token shapes.
  package init(secrets values: [String] = []) {
    secrets = values.map { Array($0.utf8) }.filter { $0.count >= Self.secretBytesMin }
      .sorted { $0.count > $1.count }
    longestSecretBytes = secrets.first?.count ?? 0
    hasNewlines = secrets.contains { $0.contains(10) }
    var starts = [Bool](repeating: false, count: 256)
    for first in secrets.compactMap(\.first) + Self.shapes.compactMap(\.prefix.first) {
      starts[Int(first)] = true
    }
    isStart = starts
  }

  /// The text with its secrets masked.
  package func masked(_ text: String) -> String {
    String(decoding: masked(Array(text.utf8), isCut: false), as: UTF8.self)
  }

  /// The bytes with their secrets masked; when they were cut, a secret's beginning at their end goes
  /// too.
  package func masked(_ bytes: [UInt8], isCut: Bool) -> [UInt8] {
    var filter = SecretFilter(self)
    var output: [UInt8] = []
    bytes.withUnsafeBytes { filter.filter($0, into: &output) }
    if !isCut { filter.finish(into: &output) }
    return output
  }

  /// Letters, digits and `_`: a token does not begin right after one.
  package static let isWordByte: [Bool] = (0..<256).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Characters that a token is made of: RFC 6750's b64token and what key formats add.
  static let isTokenByte: [Bool] = (0..<256).map { byte in
    isWordByte[byte] || "-.~+/=".utf8.contains(UInt8(byte))
  }
}

// The name of a commit, known to be nothing else before it gets near a command line.

import BatchModel

/// 40 or 64 lower-case hexadecimal digits.
package struct CommitID: Hashable, Sendable, TextCoded {
  package static let form = "a commit's 40 or 64 hexadecimal digits"
  package let text: String

  /// `nil` for anything else.
  package init?(_ text: some StringProtocol) {
    let isHex = text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    guard isHex, text.utf8.count == 40 || text.utf8.count == 64 else { return nil }
    self.text = String(text)
  }

  package var description: String { text }
}

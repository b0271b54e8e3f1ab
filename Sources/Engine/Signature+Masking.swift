// How failures are grouped: the parts of a message that vary are masked.

package import BatchModel

extension Signature {
  /// The signature of a failure: class, status and the message with numbers, hex, paths, quoted
  /// names and the item's own key masked.
  package init(of failure: Failure, itemKey: String) {
    var head = failure.kind.rawValue
    if failure.status != 0 { head += " \(failure.status)" }
    let masked = MessageMask.mask(failure.message, itemKey: itemKey)
    self.init(text: masked.isEmpty ? head : "\(head): \(masked)")
  }
}

extension Failure {
  /// The failure in one line, for a person.
  package var summary: String {
    switch kind {
    case .exit: message.isEmpty ? "exit \(status)" : "exit \(status): \(message)"
    case .signal: message.isEmpty ? "signal \(status)" : "signal \(status): \(message)"
    default: message.isEmpty ? kind.rawValue : "\(kind.rawValue): \(message)"
    }
  }
}

/// Masks the varying parts of a message.
enum MessageMask {
  /// Bytes of a masked message that are kept.
  private static let bytesMax = 160

  static func mask(_ message: String, itemKey: String) -> String {
    var text = message
    // A key that is a number is masked as the number that it is: else `item 9` and `item 100` of one
    // cause would be two groups.
    if itemKey.utf8.count >= 3, !itemKey.allSatisfy(\.isNumber) {
      text = text.replacing(itemKey, with: "<item>")
    }
    let masked = unquoted(text).split(whereSeparator: \.isWhitespace).map { maskWord($0) }
    return masked.joined(separator: " ").prefix(bytes: bytesMax)
  }

  /// Replaces what stands in quotation marks by `<name>`.
  private static func unquoted(_ text: String) -> String {
    text.replacing(/"[^"]*"|'[^']*'|`[^`]*`|‘[^’]*’|“[^”]*”/, with: "<name>")
  }

  private static func maskWord(_ word: Substring) -> String {
    if word.contains("<item>") || word.contains("<name>") { return maskAround(word) }
    if word.contains("/"), word.utf8.count > 1 { return maskPath(word) }
    return String(
      word.replacing(/0x[0-9a-fA-F]+|[0-9a-fA-F-]*[0-9][0-9a-fA-F-]{7,}/, with: "<hex>")
        .replacing(/[0-9]+(\.[0-9]+)?/, with: "<n>"))
  }

  /// `/home/me/<item>:97:5:`: the folders before a name and the numbers beside it vary too.
  private static func maskAround(_ word: Substring) -> String {
    String(
      word.replacing(/[^:=(,]*\/<item>/, with: "<item>").replacing(/[0-9]+/, with: "<n>"))
  }

  /// A path, and the `:line:column` that may follow it.
  private static func maskPath(_ word: Substring) -> String {
    guard let colon = word.firstIndex(of: ":"), !word.hasPrefix("http") else { return "<path>" }
    return "<path>" + String(word[colon...].replacing(/[0-9]+/, with: "<n>"))
  }
}

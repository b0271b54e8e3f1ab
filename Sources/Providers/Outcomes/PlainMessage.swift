// A provider's words made fit to be shown and grouped: hostile text, short, without what varies.

/// One line of a provider's message.
enum PlainMessage {
  static let bytesMax = 300

  /// White space joined, control characters dropped, keys and request ids masked, cut to 300 bytes.
  static func line(_ text: String) -> String {
    // An answer has no message, and five patterns cost more than the rest of its judgement.
    guard !text.isEmpty else { return "" }
    // Cut first: the patterns must not run over megabytes.
    let start = String(decoding: text.utf8.prefix(4096), as: UTF8.self)
    let scalars = start.unicodeScalars.filter { $0.properties.isWhitespace || isShown($0) }
    let words = scalars.split { $0.properties.isWhitespace }.map { String(Substring($0)) }
    var shown = words.joined(separator: " ")
    shown.replace(/\b(?:sk|pk|key)-[A-Za-z0-9_*.-]{6,}/, with: "***")
    shown.replace(/\bAIza[A-Za-z0-9_-]{20,}/, with: "***")
    shown.replace(/(?i)\bbearer [A-Za-z0-9._~+\/=-]{8,}/, with: "Bearer ***")
    shown.replace(/\b(?:req|msg|resp|chatcmpl|org|proj)[_-][A-Za-z0-9]{8,}/, with: "<id>")
    shown.replace(
      /\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b/,
      with: "<id>")
    return clipped(shown)
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      false
    default: true
    }
  }

  private static func clipped(_ text: String) -> String {
    guard text.utf8.count > bytesMax else { return text }
    var kept = ""
    for character in text {
      guard kept.utf8.count + character.utf8.count <= bytesMax - 3 else { break }
      kept.append(character)
    }
    return kept + "…"
  }
}

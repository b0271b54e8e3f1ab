// A provider's words made fit to be shown and grouped: hostile text, short, without what varies.

/// One line of a provider's message.
enum PlainMessage {
  static let bytesMax = 300
  static let nameBytesMax = 128

  /// What varies or must not be seen, and what stands for it.
  ///
  /// Made once: reading five patterns takes longer than judging a call.
  /// Invariant: a pattern is never changed, and matching only reads it; the compiled form that it
  /// keeps is set atomically.
  nonisolated(unsafe) private static let masks: [(pattern: Regex<Substring>, word: String)] = [
    (/\b(?:sk|pk|key)-[A-Za-z0-9_*.-]{6,}/, "***"),
    (/\bAIza[A-Za-z0-9_-]{20,}/, "***"),
    (/(?i)\bbearer [A-Za-z0-9._~+\/=-]{8,}/, "Bearer ***"),
    (/\b(?:req|msg|resp|chatcmpl|org|proj)[_-][A-Za-z0-9]{8,}/, "<id>"),
    (
      /\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b/,
      "<id>"
    ),
  ]

  /// White space joined, control characters dropped, keys and request ids masked, cut to 300 bytes.
  static func line(_ text: String) -> String {
    guard !text.isEmpty else { return "" }  // an answer has no message
    // Cut first: the patterns must not run over megabytes.
    let start = String(decoding: text.utf8.prefix(4096), as: UTF8.self)
    let scalars = start.unicodeScalars.filter { $0.properties.isWhitespace || isShown($0) }
    let words = scalars.split { $0.properties.isWhitespace }.map { String(Substring($0)) }
    var shown = words.joined(separator: " ")
    for mask in masks { shown.replace(mask.pattern, with: mask.word) }
    return clipped(shown)
  }

  /// A provider's name for a request, whole, since its support is asked by it: what is printed of
  /// ASCII, cut to 128 bytes.
  static func name(_ text: String) -> String {
    String(decoding: text.utf8.prefix(nameBytesMax).filter { 0x21...0x7E ~= $0 }, as: UTF8.self)
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

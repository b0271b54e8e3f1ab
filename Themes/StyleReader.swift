// The words of a role's style: `bold #ff7b72 on #16181d`.

import Canvas

/// Reads one style.
enum StyleReader {
  /// What a style's text got wrong, for a person.
  struct Mistake: Error {
    var message: String
  }

  static func read(_ text: String) throws(Mistake) -> CellStyle {
    var style = CellStyle.plain
    var isBackground = false
    var hasForeground = false
    for word in text.split(separator: " ") {
      if word == "on" {
        isBackground = true
      } else if let attribute = attributes[String(word)] {
        style.attributes.insert(attribute)
      } else if isBackground {
        style.background = try color(word)
      } else {
        guard !hasForeground else { throw Mistake(message: "two colours: '\(word)' is the second") }
        style.foreground = try color(word)
        hasForeground = true
      }
    }
    return style
  }

  private static func color(_ word: Substring) throws(Mistake) -> Color {
    if word == "default" { return .terminal }
    if let index = names.firstIndex(of: String(word)) { return .index(UInt8(index)) }
    if let index = UInt8(word) { return .index(index) }
    if word.hasPrefix("#"), word.utf8.count == 7, let value = UInt32(word.dropFirst(), radix: 16) {
      return .rgb(
        UInt8(value >> 16), UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value))
    }
    throw Mistake(
      message: "'\(word)' is no colour and no attribute: default, one of \(names[0])…\(names[15]), "
        + "0…255, \"#rrggbb\"; bold dim reverse underline")
  }

  private static let attributes: [String: Attributes] = [
    "bold": .bold, "dim": .dim, "reverse": .reverse, "underline": .underline,
  ]

  private static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright-black",
    "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
    "bright-white",
  ]
}

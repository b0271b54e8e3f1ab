// What is said to the window around a terminal rather than to its screen: the one place that makes
// operating system commands (OSC), and only from what was asked for.

internal import Foundation

/// The sequences for a title, the clipboard and notifications, as text to be written.
struct WindowMessages {
  /// The terminal swallows what it does not understand.
  let isUnderstood: Bool
  /// GNU Screen keeps strings for itself unless they are handed through it.
  let isWrapped: Bool
  let isInTmux: Bool

  /// Longer texts are refused: hterm takes 100,000 characters of base64, others more.
  static let copyBytesMax = 74_994
  private static let titleMax = 120
  private static let alertMax = 200
  /// GNU Screen's longest string is 768 bytes.
  private static let wrappedMax = 700

  init(type: String, environment: (String) -> String?) {
    isUnderstood = PrivateModes.isModern(type)
    isInTmux = environment("TMUX") != nil
    isWrapped = environment("STY") != nil && !isInTmux
  }

  /// Keeps the window's name, to be had back from `titleEnds`.
  var titleBegins: String { isUnderstood ? "\u{1B}[22;2t" : "" }
  /// Terminals that keep no names are left without one, rather than with ours.
  var titleEnds: String { isUnderstood ? "\u{1B}]2;\u{7}\u{1B}[23;2t" : "" }

  func title(_ text: String) -> String {
    isUnderstood ? "\u{1B}]2;\(Self.printable(text, max: Self.titleMax))\u{7}" : ""
  }

  /// `nil` when the text is too long or there is no clipboard.
  func copy(_ text: String) -> String? {
    guard isUnderstood, text.utf8.count <= Self.copyBytesMax else { return nil }
    let command = "\u{1B}]52;c;\(Foundation.Data(text.utf8).base64EncodedString())\u{7}"
    return isWrapped ? Self.wrapped(command) : command
  }

  /// The notification without the bell.
  ///
  /// ConEmu and Windows Terminal read `9;4;…` as a command: no semicolon of the text's own is left.
  func notification(_ text: String) -> String {
    guard isUnderstood else { return "" }
    let shown = Self.printable(text, max: Self.alertMax).replacing(";", with: ",")
    return "\u{1B}]9;\(shown)\u{7}"
  }

  private static func printable(_ text: String, max: Int) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(max) {
      shown.append((0x20...0x7E).contains(scalar.value) ? scalar : "?")
    }
    return String(shown)
  }

  /// In pieces, each a device control string, whose content Screen passes on.
  private static func wrapped(_ command: String) -> String {
    var rest = Substring(command)
    var pieces = ""
    while !rest.isEmpty {
      pieces += "\u{1B}P\(rest.prefix(wrappedMax))\u{1B}\\"
      rest = rest.dropFirst(wrappedMax)
    }
    return pieces
  }
}

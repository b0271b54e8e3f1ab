// The few sequences that terminfo has no names for: focus, pasting, whole frames.

/// What is switched on at the start, and off on every way out.
struct PrivateModes {
  let on: String
  let allOff: String
  let frameBegins: String
  let frameEnds: String

  /// Terminals that might print what they do not know get none of it.
  init(type: String, options: TerminalOptions) {
    let isModern = Self.isModern(type)
    let focus = options.reportsFocus && isModern
    let frames = options.synchronizesOutput && isModern
    on = isModern ? "\u{1B}[?2004h" + (focus ? "\u{1B}[?1004h" : "") : ""
    let modesOff = "\u{1B}[?2004l" + (focus ? "\u{1B}[?1004l" : "")
    allOff = isModern ? (frames ? "\u{1B}[?2026l" : "") + modesOff : ""
    frameBegins = frames ? "\u{1B}[?2026h" : ""
    frameEnds = frames ? "\u{1B}[?2026l" : ""
  }

  /// Whether a terminal of this type swallows every control sequence and string that it does not
  /// know, as those do that live in windows of today.
  ///
  /// The VT100's kind, consoles (`linux` takes `ESC ]` for its palette), line printers and types that
  /// nobody has heard of do not promise it.
  static func isModern(_ type: String) -> Bool {
    modernFamilies.contains { family in
      type == family || type.hasPrefix(family + "-") || type.hasPrefix(family + ".")
    }
  }

  private static let modernFamilies = [
    "xterm", "tmux", "screen", "rxvt", "alacritty", "foot", "kitty", "ghostty", "wezterm", "iterm2",
    "iTerm2.app", "konsole", "gnome", "vte", "st", "mintty", "putty", "contour", "rio", "nsterm",
    "ms-terminal",
  ]
}

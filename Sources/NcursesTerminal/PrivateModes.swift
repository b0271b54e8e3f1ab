// The few sequences that terminfo has no names for: focus, pasting, whole frames.

/// What is switched on at the start, and off on every way out.
struct PrivateModes {
  let on: String
  let allOff: String
  let frameBegins: String
  let frameEnds: String

  /// Terminals that might print what they do not know get none of it.
  init(type: String, options: TerminalOptions) {
    let isOld = type.isEmpty || ["dumb", "vt", "linux", "ansi"].contains { type.hasPrefix($0) }
    let focus = options.reportsFocus && !isOld
    let frames = options.synchronizesOutput && !isOld
    on = isOld ? "" : "\u{1B}[?2004h" + (focus ? "\u{1B}[?1004h" : "")
    let modesOff = "\u{1B}[?2004l" + (focus ? "\u{1B}[?1004l" : "")
    allOff = isOld ? "" : (frames ? "\u{1B}[?2026l" : "") + modesOff
    frameBegins = frames ? "\u{1B}[?2026h" : ""
    frameEnds = frames ? "\u{1B}[?2026l" : ""
  }
}

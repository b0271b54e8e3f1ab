// Why there is no screen, and what to do instead.

/// A terminal that cannot be used.
package enum TerminalError: Error, Hashable, Sendable {
  /// Neither the terminal's own type nor the common ones are known to terminfo.
  case unknownType(String)
  /// The terminal cannot place its cursor (TERM=dumb): there is no screen to draw on.
  case cannotDraw(String)
  /// Standard input or output is no terminal.
  case noTerminal
  /// No file descriptor is left.
  case descriptorsExhausted
}

extension TerminalError: CustomStringConvertible {
  /// What happened and what to do next.
  package var description: String {
    switch self {
    case .unknownType(let type):
      "the terminal type '\(type)' is unknown; install ncurses-term, or set TERM=xterm-256color"
    case .cannotDraw(let type):
      "the terminal type '\(type)' cannot place its cursor; `footplate run --headless` needs no "
        + "screen, or set TERM=xterm-256color"
    case .noTerminal:
      "standard input and output are no terminal; `footplate run --headless` needs none"
    case .descriptorsExhausted:
      "no file descriptor is left; raise the limit with `ulimit -n`"
    }
  }
}

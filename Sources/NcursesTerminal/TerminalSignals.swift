// The signals that a terminal's owner reads instead of handling.

internal import CNcurses

/// The process's side of a terminal: which signals the screen's thread owns.
package enum TerminalSignals {
  /// Blocks SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM and SIGHUP in this thread and in all that it
  /// starts: to be called in `main` before anything else, so that no other thread ever gets one.
  package static func block() { nc_block_signals() }
}

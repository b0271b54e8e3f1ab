// The terminal's state after a crash.

internal import CNcurses

/// Brings the terminal back when the process dies by a fault or leaves without closing it.
enum CrashGuard {
  /// Before ncurses changes the modes of the terminal.
  static func remember() { nc_guard_remember() }
  /// From now on the terminal has to be brought back; `modesOff` comes before terminfo's own.
  static func arm(modesOff: String) { nc_guard_arm(modesOff) }
  /// The terminal is itself again.
  static func disarm() { nc_guard_disarm() }
}

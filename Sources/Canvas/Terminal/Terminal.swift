// What a dashboard needs of a terminal: events in, canvases out. ncurses is one form of it, a
// script in a test another.

/// Something that happened at the terminal.
package enum TerminalEvent: Hashable, Sendable {
  case key(Key)
  /// Text that was pasted; never taken for keys.
  case paste(String)
  case resized(Size)
  /// Another thread has something for the screen.
  case woken
  /// Nothing happened for as long as was asked for.
  case timedOut
  /// The terminal's window came to the front, or left it.
  case focused(Bool)
  /// The process goes on after it was stopped; the screen was lost.
  case continued
  /// Somebody asks the process to stop itself, as Ctrl-Z would.
  case suspendAsked
  /// SIGINT from outside, SIGTERM: leave.
  case terminated
  /// The terminal is gone.
  case hungUp
}

/// A screen and its keyboard.
///
/// *Concurrency*: every call from one and the same thread.
package protocol Terminal: AnyObject {
  var size: Size { get }
  /// Waits for the next events; `nil` waits forever.
  func next(timeout: Duration?) -> [TerminalEvent]
  /// Shows the canvas: only what differs from the last one is sent, nothing when nothing does.
  func draw(_ canvas: Canvas)
  /// Forgets what is on the screen: the next canvas is sent whole.
  func redraw()
  /// Gives the terminal back and stops the process until it is continued.
  func suspend()
  /// Gives the terminal to a program and waits for its end; returns its exit status.
  func run(_ arguments: [String]) -> Int32
  /// Gives the terminal back for good.
  func close()
}

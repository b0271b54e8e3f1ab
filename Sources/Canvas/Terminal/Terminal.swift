// What a dashboard needs of a terminal: events in, canvases out. ncurses is one form of it, a
// script in a test another.

/// Something that happened at the terminal.
package enum TerminalEvent: Hashable, Sendable {
  case key(Key)
  /// Text that was pasted; never taken for keys.
  case paste(String)
  case mouse(MouseEvent)
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

  /// Reports the mouse from now on, or leaves it to the terminal's own selecting and scrolling, which
  /// is how it starts.
  ///
  /// - Returns: whether the mouse is reported now; false on a terminal without one.
  @discardableResult
  func setMouse(_ isOn: Bool) -> Bool
  /// Names the window; the name that it had comes back when the terminal is given back.
  ///
  /// What is not printable ASCII is shown as `?`, and nothing happens where a title is not understood.
  func setTitle(_ title: String)
  /// Puts a text into the clipboard of whoever sits at the terminal, however far away.
  ///
  /// - Returns: false when it is too long, or the terminal has no clipboard.
  func copy(_ text: String) -> Bool
  /// Rings the bell, and shows a notification where the terminal can.
  func alert(_ text: String?)
}

// A screen need not be a window's: what only a window has does nothing by default.
extension Terminal {
  @discardableResult
  package func setMouse(_ isOn: Bool) -> Bool { false }
  package func setTitle(_ title: String) {}
  package func copy(_ text: String) -> Bool { false }
  package func alert(_ text: String?) {}
}

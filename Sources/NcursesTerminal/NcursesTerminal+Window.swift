// The window around the screen: its name, clipboard and notifications, and the mouse over it.

internal import Canvas
internal import CNcurses
internal import Glibc

extension NcursesTerminal {
  @discardableResult
  package func setMouse(_ isOn: Bool) -> Bool {
    assertThread()
    // The console's mouse would come through a socket that `next` does not watch.
    guard isOpen, window.isUnderstood else { return false }
    hasMouse = nc_set_mouse(isOn)
    CrashGuard.arm(modesOff: modesOff)
    return hasMouse
  }

  package func setTitle(_ title: String) {
    assertThread()
    guard isOpen, title != self.title else { return }
    let isFirst = self.title == nil
    self.title = title
    // Before the bytes: a crash between them has to bring the name back as well.
    CrashGuard.arm(modesOff: modesOff)
    nc_write((isFirst ? window.titleBegins : "") + window.title(title))
  }

  package func copy(_ text: String) -> Bool {
    assertThread()
    guard isOpen, let command = window.copy(text) else { return false }
    if window.isInTmux, Self.tmuxTakes(text) { return true }
    nc_write(command)
    return true
  }

  /// By default (`set-clipboard external`) tmux drops what a program copies by OSC 52; its own command
  /// reaches its buffers and the clipboard of the terminal around it, from tmux 3.2 on.
  private static func tmuxTakes(_ text: String) -> Bool {
    let command = ["tmux", "load-buffer", "-w", "-"]
    var arguments = command.map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    arguments.append(nil)
    return Array(text.utf8).withUnsafeBytes { nc_feed(arguments, $0.baseAddress, $0.count) } == 0
  }

  package func alert(_ text: String?) {
    assertThread()
    guard isOpen else { return }
    nc_beep()
    if let text { nc_write(window.notification(text)) }
  }

  /// Ends all that is on and that ncurses' own leaving does not know of.
  ///
  /// The mouse's modes are ncurses' own, but after a crash it has no say.
  var modesOff: String {
    (hasMouse ? "\u{1B}[?1006l\u{1B}[?1000l" : "") + modes.allOff
      + (title == nil ? "" : window.titleEnds)
  }

  /// Says again what leaving took back.
  func restoreWindow() {
    guard let title else { return }
    nc_write(window.titleBegins + window.title(title))
  }

  /// The mouse's events since the last time; ncurses gives the newest first.
  func readMouse() -> [MouseEvent] {
    var events: [MouseEvent] = []
    var (button, row, column): (Int32, Int32, Int32) = (0, 0, 0)
    while true {
      let kind = nc_next_mouse(&button, &row, &column)
      if kind == 0 { return events.reversed() }
      guard let action = MouseEvent.Action(kind: Int(kind), button: Int(button)) else { continue }
      events.append(MouseEvent(action, row: Int(row), column: Int(column)))
    }
  }
}

extension MouseEvent.Action {
  fileprivate init?(kind: Int, button: Int) {
    let buttons: [MouseEvent.Button] = [.left, .middle, .right]
    switch kind {
    case NC_MOUSE_PRESS: self = .press(buttons[button])
    case NC_MOUSE_RELEASE: self = .release(buttons[button])
    case NC_MOUSE_WHEEL_UP: self = .wheelUp
    case NC_MOUSE_WHEEL_DOWN: self = .wheelDown
    default: return nil
    }
  }
}

// A terminal without a window: the suites read at its one end what the screen's code wrote at the
// other. Apart from them, since it holds all that is the system's own.

import Glibc

/// Both ends of a pseudo-terminal.
///
/// *Concurrency*: one thread uses it; only a `Reading` runs beside that thread.
final class PseudoTerminal {
  /// The end that a window would hold.
  private var window: Int32
  /// The end that a program has as its standard input and output.
  private let program: Int32
  /// Where a program opens its end.
  let path: String

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  init(columns: UInt16 = 80, rows: UInt16 = 24) throws {
    var (window, program): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    var name = [CChar](repeating: 0, count: 128)
    guard openpty(&window, &program, &name, nil, &size) == 0 else {
      throw Failure(description: "no pseudo-terminal: errno \(errno)")
    }
    (self.window, self.program) = (window, program)
    path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
  }

  deinit {
    close(window)
    close(program)
  }

  /// Makes this the standard input and output of the process, as a terminal of that type.
  func takeOver(as type: String) throws {
    try Self.takeOver(program, as: type)
  }

  /// The same for an end that another process made.
  static func takeOver(path: String, as type: String) throws {
    try takeOver(open(path, O_RDWR | O_NOCTTY), as: type)
  }

  private static func takeOver(_ descriptor: Int32, as type: String) throws {
    guard dup2(descriptor, STDIN_FILENO) >= 0, dup2(descriptor, STDOUT_FILENO) >= 0 else {
      throw Failure(description: "the standard descriptors cannot be set: errno \(errno)")
    }
    setenv("TERM", type, 1)
    setenv("LC_ALL", "C.UTF-8", 1)
    let others = ["LINES", "COLUMNS", "TERMINFO", "TERMINFO_DIRS", "TERMCAP", "TMUX", "STY"]
    for name in others { unsetenv(name) }
  }

  /// The line's modes, field by field.
  var modes: [UInt64] {
    var modes = termios()
    guard tcgetattr(program, &modes) == 0 else { return [] }
    let flags = [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag].map(UInt64.init)
    return flags + withUnsafeBytes(of: modes.c_cc) { $0.map(UInt64.init) }
  }

  /// Gives the window another size; the program hears of it by a signal, which is not sent here.
  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    precondition(ioctl(window, UInt(TIOCSWINSZ), &size) == 0, "a terminal has a size")
  }

  /// Closes the window; nothing more can be read from it.
  func closeWindow() {
    close(window)
    window = -1
  }

  /// Types something, as a person would.
  func type(_ text: String) {
    let bytes = Array(text.utf8)
    precondition(write(window, bytes, bytes.count) == bytes.count, "keys are few")
  }

  /// What reached the window while `body` ran.
  func emitted(by body: () throws -> Void) rethrows -> String {
    let reading = startReading()
    try body()
    return end(reading)
  }

  /// Begins to read; what is read is had from `end`.
  func startReading() -> Reading { Reading(window: window) }

  /// All that was written since the reading began.
  ///
  /// A mark follows it through the same line, so nothing depends on how long the kernel takes.
  func end(_ reading: Reading) -> String {
    let mark = Reading.mark
    precondition(write(program, mark, mark.count) == mark.count, "the mark is short")
    return String(decoding: reading.waitForMark(), as: UTF8.self)
  }
}

/// Empties the window's end until the mark comes: a full line would block who writes.
///
/// *Concurrency*: its thread alone writes `bytes`, and they are read when that thread has ended.
final class Reading {
  static let mark = Array("\u{0}end of what was emitted\u{0}".utf8)
  private let window: Int32
  private var thread = pthread_t()
  private var bytes: [UInt8] = []

  init(window: Int32) {
    self.window = window
    // The caller keeps this alive: it waits for the thread.
    let own = Unmanaged.passUnretained(self).toOpaque()
    let failure = pthread_create(&thread, nil, Self.body, own)
    precondition(failure == 0, "a thread more is possible")
  }

  private static let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? =
    { own in
      if let own { Unmanaged<Reading>.fromOpaque(own).takeUnretainedValue().run() }
      return nil
    }

  private func run() {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while !bytes.suffix(Self.mark.count).elementsEqual(Self.mark) {
      let count = read(window, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      bytes += buffer.prefix(count)
    }
  }

  /// What came before the mark.
  func waitForMark() -> [UInt8] {
    pthread_join(thread, nil)
    return Array(bytes.dropLast(Self.mark.count))
  }
}

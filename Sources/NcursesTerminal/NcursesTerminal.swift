// The terminal through ncurses: it draws a canvas and decodes keys, and knows nothing else.

package import Canvas
internal import CNcurses
internal import Glibc

/// A real terminal.
///
/// *Concurrency*: ncurses is not thread-safe, so every call comes from the thread that made it;
/// others reach it through the `Waker`.
package final class NcursesTerminal: Terminal {
  /// Characters can be written as UTF-8; otherwise the views have to draw in ASCII.
  package let isUnicode: Bool
  /// Something that the person should know about this terminal.
  package let notice: String?
  package let depth: ColorDepth

  let modes: PrivateModes
  let window: WindowMessages
  /// The mouse is reported.
  var hasMouse = false
  /// The window's name, when it is ours.
  var title: String?
  private(set) var isOpen = true

  private let waker: Waker
  private let signals: Int32
  private let thread = pthread_self()
  private var palette: Palette
  private var shown: Canvas?
  private var paste: String.UnicodeScalarView?

  /// Takes the terminal over; `TerminalSignals.block` was called before.
  package init(waker: Waker, options: TerminalOptions = TerminalOptions()) throws(TerminalError) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .noTerminal }
    self.waker = waker
    signals = nc_signal_descriptor()
    guard signals >= 0, nc_open_output() else { throw .descriptorsExhausted }
    isUnicode = nc_use_utf8()
    CrashGuard.remember()
    let type = getenv("TERM").map { String(cString: $0) } ?? ""
    notice = try Self.open(type)
    guard nc_can_draw() else {
      nc_end()
      throw .cannotDraw(type)
    }
    modes = PrivateModes(type: type, options: options)
    window = WindowMessages(type: type) { getenv($0).map { String(cString: $0) } }
    nc_set_up()
    depth = min(ColorDepth(colors: Int(nc_start_colors())), options.depthMax)
    palette = Palette(depth: depth, pairsMax: Int(nc_color_pairs()))
    CrashGuard.arm(modesOff: modes.allOff)
    nc_write(modes.on)
  }

  deinit {
    close()
    Glibc.close(signals)
    nc_close_output()
  }

  /// Starts ncurses on the terminal's own type or, with a notice, on the most common one.
  private static func open(_ type: String) throws(TerminalError) -> String? {
    if !type.isEmpty, nc_start(nil) { return nil }
    for fallback in ["xterm-256color", "xterm", "vt100"] where nc_start(fallback) {
      return "terminal type '\(type)' is unknown here; drawing as \(fallback)"
    }
    throw .unknownType(type)
  }

  package var size: Size {
    var rows: Int32 = 0
    var columns: Int32 = 0
    nc_size(&rows, &columns)
    return Size(columns: Int(columns), rows: Int(rows))
  }

  package func redraw() { shown = nil }

  package func close() {
    guard isOpen else { return }
    isOpen = false
    leave()
  }
}

// Drawing.
extension NcursesTerminal {
  package func draw(_ canvas: Canvas) {
    assertThread()
    guard isOpen else { return }
    if palette.isExhausted {
      palette.forget()
      shown = nil
    }
    let rows = min(canvas.size.rows, size.rows)
    if let shown, shown.size == canvas.size {
      guard drawChanges(of: canvas, since: shown, rows: rows) else { return }
    } else {
      nc_redraw_all()
      for row in 0..<rows {
        nc_erase_row(Int32(row))
        put(canvas, row: row, 0..<canvas.size.columns)
      }
    }
    shown = canvas
    nc_update(modes.frameBegins, modes.frameEnds)
  }

  /// False when there is none.
  private func drawChanges(of canvas: Canvas, since old: Canvas, rows: Int) -> Bool {
    var hasChanged = false
    for row in 0..<rows {
      guard let columns = canvas.change(inRow: row, since: old) else { continue }
      hasChanged = true
      put(canvas, row: row, columns)
    }
    return hasChanged
  }

  private func put(_ canvas: Canvas, row: Int, _ columns: Range<Int>) {
    var style: CellStyle?
    var attributes: UInt32 = 0
    var pair: Int32 = 0
    for column in columns {
      let cell = canvas[row, column]
      guard cell.glyph.width > 0 else { continue }
      if cell.style != style {
        style = cell.style
        attributes = Palette.attributes(of: cell.style)
        pair = palette.pair(for: cell.style)
      }
      nc_put(
        Int32(row), Int32(column), cell.glyph.scalar.value, cell.glyph.marks.first,
        cell.glyph.marks.second, Int32(cell.glyph.width), attributes, pair)
    }
  }

  func assertThread() {
    precondition(pthread_equal(thread, pthread_self()) != 0, "ncurses is used on one thread only")
  }
}

// Waiting.
extension NcursesTerminal {
  package func next(timeout: Duration?) -> [TerminalEvent] {
    assertThread()
    let milliseconds = timeout.map { limit in
      let (seconds, attoseconds) = limit.components
      return Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
    }
    let outcome = nc_wait(waker.descriptor, signals, milliseconds ?? -1)
    guard outcome >= 0 else { return [.hungUp] }
    var events: [TerminalEvent] = []
    readSignals(into: &events)
    readKeys(into: &events)
    if nc_was_woken(waker.descriptor) { events.append(.woken) }
    return events.isEmpty ? [.timedOut] : events
  }

  private func readSignals(into events: inout [TerminalEvent]) {
    var hasNewSize = false
    while true {
      switch nc_next_signal(signals) {
      case 0:
        if hasNewSize { followSize(into: &events) }
        return
      case SIGWINCH: hasNewSize = true
      case SIGTSTP: events.append(.suspendAsked)
      case SIGCONT:
        comeBack()
        events.append(.continued)
        hasNewSize = true
      case SIGINT, SIGTERM: events.append(.terminated)
      case SIGHUP: events.append(.hungUp)
      default: break
      }
    }
  }

  private func followSize(into events: inout [TerminalEvent]) {
    nc_follow_size()
    shown = nil
    events.append(.resized(size))
  }

  private func readKeys(into events: inout [TerminalEvent]) {
    var code: UInt32 = 0
    while true {
      let kind = nc_get(&code)
      if kind == 0 { return }
      if kind == 1, paste != nil {
        if let scalar = Unicode.Scalar(code) { addToPaste(scalar) }
      } else if kind == 1 {
        if let key = KeyDecoder.character(code) { events.append(.key(key)) }
      } else if let input = KeyDecoder.function(code) {
        append(input, to: &events)
      }
    }
  }

  private func append(_ input: Input, to events: inout [TerminalEvent]) {
    switch input {
    case .key(let key): if paste == nil { events.append(.key(key)) }
    case .mouse: events += readMouse().map(TerminalEvent.mouse)
    case .focus(let isFocused): events.append(.focused(isFocused))
    case .pasteBegan: paste = String.UnicodeScalarView()
    case .pasteEnded:
      if let paste { events.append(.paste(String(paste))) }
      paste = nil
    }
  }

  /// A filter is short; the rest of a pasted book is read and dropped.
  private func addToPaste(_ scalar: Unicode.Scalar) {
    guard let length = paste?.count, length < 4096 else { return }
    paste?.append(scalar)
  }
}

// Giving the terminal away.
extension NcursesTerminal {
  package func suspend() {
    assertThread()
    leave()
    nc_stop(true)
    comeBack()
    nc_follow_size()
  }

  package func run(_ arguments: [String]) -> Int32 {
    assertThread()
    guard !arguments.isEmpty else { return 127 }
    leave()
    var pointers = arguments.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    let status = nc_run(pointers)
    comeBack()
    nc_follow_size()
    // A Ctrl-C meant for the program came here as well.
    while nc_next_signal(signals) != 0 {}
    return status
  }

  private func leave() {
    nc_write(modesOff)
    nc_leave()
    CrashGuard.disarm()
  }

  private func comeBack() {
    nc_come_back()
    CrashGuard.arm(modesOff: modesOff)
    nc_write(modes.on)
    restoreWindow()
    shown = nil
  }
}

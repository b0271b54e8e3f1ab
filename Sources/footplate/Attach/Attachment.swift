// The dashboard in front of a run: terminal, theme, feed, loop.

import BatchModel
import Canvas
import Dashboard
import Foundation
import NcursesTerminal
import Resilience
import Runtime
import Themes

enum Attachment {
  /// Shows the run until the person leaves.
  ///
  /// The calling thread becomes the screen's.
  ///
  /// - Throws: `ClientError`, `TerminalError`, `ThemeError`.
  static func open(
    _ layout: WorkspaceLayout, run: RunID, screen: ScreenOptions, definition: String?
  ) throws {
    if screen.plain {
      return try talk(layout, run: run, screen: screen, definition: definition)
    }
    let look = try Look(screen)
    let client = try RunClient(layout)
    let waker = try Waker()
    let inbox = MessageInbox { waker.wake() }
    let terminal = try NcursesTerminal(
      waker: waker, options: TerminalOptions(depthMax: look.depthMax))
    let feed = RunFeed(client: client, run: run, definition: definition, inbox: inbox)
    var model = DashboardModel(
      size: terminal.size, now: .wallClock, zone: .local, isReadOnly: screen.readOnly)
    model.keyMap = look.keyMap
    model.themes = look.shelf.names
    model.theme = look.theme.name
    if let notice = terminal.notice { inbox.post(.notice(notice, isError: false)) }
    var loop = DashboardLoop(
      model: model, terminal: terminal, inbox: inbox,
      ports: DashboardPorts(
        clock: { .wallClock }, perform: { feed.perform($0) }, pager: { feed.pager(for: $0) },
        editor: { feed.editing(of: $0, step: $1, $2) },
        writeScreen: { ScreenFile.write($0) }, theme: { look.shelf.take($0) },
        changedTheme: { look.shelf.changed() }),
      theme: look.theme, glyphs: look.glyphs)
    feed.start()
    let parting = loop.run()
    terminal.close()
    feed.stop()
    say(parting, try client.snapshot(of: run))
  }

  /// The same in lines.
  private static func talk(
    _ layout: WorkspaceLayout, run: RunID, screen: ScreenOptions, definition: String?
  ) throws {
    let client = try RunClient(layout)
    let input = PlainInput()
    let inbox = MessageInbox { input.ring() }
    let feed = RunFeed(client: client, run: run, definition: definition, inbox: inbox)
    var plain = PlainScreen(news: input, inbox: inbox, feed: feed, isReadOnly: screen.readOnly)
    feed.start()
    let parting = plain.run()
    feed.stop()
    say(parting, try client.snapshot(of: run))
  }

  /// What the person should know after leaving.
  private static func say(_ parting: Parting, _ snapshot: RunSnapshot) {
    if parting == .terminated { return }
    // An engine that has nothing left to do is on its way out.
    let isAlive = snapshot.engine != .absent && snapshot.summary.state != .finished
    if parting == .interrupted, isAlive {
      Console.line("Ctrl-C left the dashboard, not the run.")
    }
    Console.line(
      isAlive
        ? "\(snapshot.summary.run) goes on behind: footplate attach watches it, "
          + "footplate stop stops it"
        : StatusText.next(snapshot.summary, engine: .absent))
  }
}

extension Zone {
  /// The zone that this person lives in; as the C library says it, for Foundation takes some ten
  /// milliseconds of the first frame to load its tables.
  static var local: Zone {
    var now = time(nil)
    var parts = tm()
    guard localtime_r(&now, &parts) != nil, let name = parts.tm_zone else { return Zone() }
    return Zone(name: String(cString: name), offset: .seconds(parts.tm_gmtoff))
  }
}

/// `w`: what the screen shows, as a text file in the current folder.
enum ScreenFile {
  static func write(_ lines: [String]) -> Message {
    let name = "footplate-screen-\(Instant.wallClock.milliseconds / 1000).txt"
    do {
      try (lines.joined(separator: "\n") + "\n")
        .write(toFile: name, atomically: true, encoding: .utf8)
      return .notice("written to \(name)", isError: false)
    } catch {
      return .notice("\(name) cannot be written: \(error.localizedDescription)", isError: true)
    }
  }
}

// Where the palette's lines are kept from one session to the next.

import Dashboard
import DurableFiles
import Foundation

extension RecentLines {
  /// `$XDG_STATE_HOME/footplate/history`, else in `~/.local/state`; `nil` for a person without a home.
  static var typed: RecentLines? {
    let environment = ProcessInfo.processInfo.environment
    // What is not absolute is to be ignored, says the XDG Base Directory Specification.
    let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.local/state" : nil }
    return (state ?? home).map {
      RecentLines(
        folder: $0 + "/footplate", name: "history", linesMax: PaletteHistory.linesMax)
    }
  }
}

// How the dashboard looks and which keys it has, from flags, environment and a person's own files.

import Canvas
import Dashboard
import Foundation
import Themes

/// Theme, colours, characters and keys.
struct Look {
  let theme: Theme
  let shelf: ThemeShelf
  let depthMax: ColorDepth
  let glyphs: GlyphSet
  let keyMap: KeyMap
  /// What of it is not as the person wants it, and why.
  let notices: [String]

  /// A mistake in a person's own file costs what the file is for, never the dashboard.
  ///
  /// - Throws: `CommandError` for a theme that is not there.
  init(_ options: ScreenOptions) throws {
    let environment = ProcessInfo.processInfo.environment
    let folder = ThemeFolder(environment: environment)
    let isMono = options.mono || options.noColor || environment["NO_COLOR"]?.isEmpty == false
    depthMax = isMono ? .mono : .indexed
    shelf = ThemeShelf(folder: isMono ? nil : folder, isMono: isMono)
    var notices: [String] = []
    do {
      theme = isMono ? .mono : try shelf.open(options.theme)
    } catch let error as ThemeError {
      theme = try shelf.open("default")
      notices.append("the default theme is shown: \(Self.first(of: error))")
    }
    glyphs = options.ascii || !Self.hasUnicode(environment) ? .ascii : .unicode
    do {
      keyMap = try KeyMapReader.load(beside: folder)
    } catch {
      keyMap = KeyMap()
      notices.append("the usual keys are in force: \(Self.first(of: error))")
    }
    self.notices = notices
  }

  /// A line has room for one problem, and for its file's name rather than its path.
  private static func first(of error: any Error) -> String {
    let line = "\(error)".prefix { !$0.isNewline }
    let path = line.prefix { $0 != ":" }
    return String((path.split(separator: "/").last ?? path) + line.dropFirst(path.count))
  }

  /// POSIX: the first of these that is set decides.
  private static func hasUnicode(_ environment: [String: String]) -> Bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    let locale = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C.UTF-8"
    let folded = locale.lowercased()
    return folded.contains("utf-8") || folded.contains("utf8")
  }
}

/// The themes that there are, and the one that is shown, read again when its file changes.
///
/// *Concurrency*: used by the screen's thread only.
final class ThemeShelf {
  private let folder: ThemeFolder?
  private let isMono: Bool
  private var watch: ThemeWatch?

  init(folder: ThemeFolder?, isMono: Bool) {
    self.folder = folder
    self.isMono = isMono
  }

  /// None on a screen without colours.
  var names: [String] { isMono ? [] : Themes.available(in: folder) }

  /// The theme of that name, or in that file.
  ///
  /// - Throws: `CommandError` for what is neither, `ThemeError`.
  func open(_ name: String) throws -> Theme {
    // Made before the theme is read: a change in between is noticed.
    let named = ThemeWatch(name, in: folder)
    if let theme = try Themes.named(name, in: folder)?.theme {
      watch = named
      return theme
    }
    guard FileManager.default.fileExists(atPath: name) else {
      throw CommandError(
        "\(name): no such theme; there are \(names.joined(separator: ", ")), or name a file")
    }
    let file = ThemeWatch(path: name)
    let theme = try Themes.load(path: name).theme
    watch = file
    return theme
  }

  /// `open` for a screen that goes on with the theme that it has.
  func take(_ name: String) -> Result<Theme, ThemeRefusal> {
    do {
      return .success(try open(name))
    } catch {
      return .failure(ThemeRefusal("\(error)"))
    }
  }

  /// The theme in its new form when its file was changed, or what is wrong with it.
  func changed() -> Result<Theme, ThemeRefusal>? {
    watch?.poll().map { news in
      news.map(\.theme).mapError { ThemeRefusal("\($0)") }
    }
  }
}

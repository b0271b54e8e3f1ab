// A person's own themes: found, preferred, read again when they change, and never trusted.

import Canvas
import Dashboard
import Foundation
import Testing
import Themes

@Suite struct ThemeFolderTests {
  @Test(arguments: [
    (["XDG_CONFIG_HOME": "/etc/xdg", "HOME": "/home/ana"], "/etc/xdg/footplate/themes"),
    (["HOME": "/home/ana"], "/home/ana/.config/footplate/themes"),
    (["XDG_CONFIG_HOME": "", "HOME": "/home/ana"], "/home/ana/.config/footplate/themes"),
    (["XDG_CONFIG_HOME": "here", "HOME": "/home/ana"], "/home/ana/.config/footplate/themes"),
    (["HOME": ""], nil),
    ([:], nil),
  ]) func `the folder is where the specification says`(
    environment: [String: String], path: String?
  ) {
    #expect(ThemeFolder(environment: environment)?.path == path)
  }

  @Test func `a folder that is not there has no themes, and ours are there without one`() throws {
    let folder = ThemeFolder(path: "/nowhere/at/all")
    #expect(Themes.available(in: folder) == Themes.names)
    #expect(Themes.available(in: nil) == Themes.names)
    #expect(try Themes.named("dark", in: folder) == Themes.bundled("dark"))
    #expect(try Themes.named("mine", in: folder) == nil)
  }

  @Test func `a person's own theme stands before ours of the same name, and may inherit it`() throws
  {
    try withFolder { folder in
      try write("inherit: dark\nok: blue", "dark.yaml", folder)
      try write("ok: red", "zebra.yaml", folder)
      try write("ok: red", "notes.txt", folder)
      try write("ok: red", "-.., \u{1B}[2J.yaml", folder)
      try write("ok: red", "..yaml", folder)
      #expect(Themes.available(in: folder) == Themes.names + ["zebra"])
      let own = try #require(try Themes.named("dark", in: folder))
      let ours = try #require(try Themes.bundled("dark"))
      #expect(own.theme.name == "dark")
      #expect(own.theme[.ok].foreground == .index(4))
      #expect(own.theme[.fail] == ours.theme[.fail])
      #expect(try Themes.named("../" + "zebra", in: folder) == nil)
      #expect(try Themes.load(path: folder.path + "/zebra.yaml").theme.name == "zebra")
    }
  }

  @Test func `a mistake has its file, line and column`() throws {
    try withFolder { folder in
      try write("ok: red\nfailed: blue\n", "mine.yaml", folder)
      let error = #expect(throws: ThemeError.self) { try Themes.named("mine", in: folder) }
      #expect(error?.description == "\(folder.path)/mine.yaml:2:1: no role 'failed': fail is one")
    }
  }

  @Test func `what is no text of a reasonable length is refused, and nothing waits for it`() throws
  {
    try withFolder { folder in
      try write(String(repeating: "# long\n", count: 10_000), "long.yaml", folder)
      try Data([0x6F, 0x6B, 0x3A, 0xFF]).write(to: url("bytes.yaml", folder))
      #expect(mkfifo(folder.path + "/pipe.yaml", 0o600) == 0)
      try FileManager.default.createDirectory(
        at: url("folder.yaml", folder), withIntermediateDirectories: false)
      for (name, reason) in [
        ("long", "no theme is longer than 64 KiB"), ("bytes", "this is no UTF-8"),
        ("pipe", "this is no file"), ("folder", "this is no file"),
      ] {
        let error = #expect(throws: ThemeError.self) { try Themes.named(name, in: folder) }
        #expect(error?.description == "\(folder.path)/\(name).yaml:1:1: \(reason)")
      }
      let gone = #expect(throws: ThemeError.self) { try Themes.load(path: "/nowhere/x.yaml") }
      #expect(gone?.description.contains("cannot be opened: No such file") == true)
    }
  }

  @Test func `a change is seen once, a broken one says why, and mending it is a change again`()
    throws
  {
    try withFolder { folder in
      try write("ok: red", "mine.yaml", folder)
      var watch = ThemeWatch("mine", in: folder)
      #expect(watch.poll() == nil)
      try write("ok: blue", "mine.yaml", folder)
      #expect(try watch.poll()?.get().theme[.ok].foreground == .index(4))
      #expect(watch.poll() == nil)
      try write("ok: bleu", "mine.yaml", folder)
      guard case .failure(let error) = watch.poll() else {
        Issue.record("a mistake went unnoticed")
        return
      }
      #expect(error.description.hasPrefix(folder.path + "/mine.yaml:1:5: ok: 'bleu'"))
      #expect(watch.poll() == nil)
      try write("ok: blue # mended", "mine.yaml", folder)
      #expect(try watch.poll()?.get().theme[.ok].foreground == .index(4))
    }
  }

  @Test func `an editor that replaces or empties the file is followed to the end`() throws {
    try withFolder { folder in
      try write("ok: red", "mine.yaml", folder)
      var watch = ThemeWatch(path: folder.path + "/mine.yaml")
      try FileManager.default.removeItem(at: url("mine.yaml", folder))
      #expect(watch.poll() == nil)
      try write("", "mine.yaml", folder)
      #expect(watch.poll() == nil)
      // The same length as at the start, in another file.
      try write("ok: tan", "other", folder)
      #expect(rename(folder.path + "/other", folder.path + "/mine.yaml") == 0)
      guard case .failure = watch.poll() else {
        Issue.record("the other file went unnoticed")
        return
      }
    }
  }

  @Test func `a file that is made later counts, and without it ours comes back`() throws {
    try withFolder { folder in
      var watch = ThemeWatch("dark", in: folder)
      #expect(watch.poll() == nil)
      try write("ok: blue", "dark.yaml", folder)
      #expect(try watch.poll()?.get().theme[.ok].foreground == .index(4))
      try FileManager.default.removeItem(at: url("dark.yaml", folder))
      #expect(try watch.poll()?.get() == Themes.bundled("dark"))
      var none = ThemeWatch("dark", in: nil)
      #expect(none.poll() == nil)
    }
  }

  private func withFolder(_ body: (ThemeFolder) throws -> Void) throws {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("footplate-themes-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    // What is left behind lies in the system's temporary folder.
    defer { try? FileManager.default.removeItem(at: place) }
    try body(ThemeFolder(path: place.path))
  }

  private func url(_ name: String, _ folder: ThemeFolder) -> URL {
    URL(fileURLWithPath: folder.path).appendingPathComponent(name)
  }

  private func write(_ text: String, _ name: String, _ folder: ThemeFolder) throws {
    try Data(text.utf8).write(to: url(name, folder))
  }
}

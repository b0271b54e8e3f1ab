// Other keys than the table's own: read with every mistake, and shown wherever a key is named.

import BatchModel
import Canvas
import Dashboard
import Foundation
import Resilience
import Testing
import Themes

@Suite struct KeyMapTests {
  @Test func `every action has a name of its own, which stays`() {
    let names = BindingTable.all.map(\.action)
    #expect(Set(names).count == names.count)
    for name in ["retry", "next-panel", "show-queue", "pause-or-resume", "retry-all-failed"] {
      #expect(names.contains(name))
    }
  }

  @Test func `every key is read as it is named`() {
    for key in BindingTable.all.flatMap(\.keys) + [.function(5)] {
      #expect(Key(named: key.name) == key)
    }
    #expect(Key(named: "hyper-x") == nil)
    #expect(Key(named: "F99") == nil)
  }

  @Test func `mapped keys do what they are mapped to, and nothing else does`() throws {
    var desk = Desk()
    desk.model.keyMap = try KeyMapReader.read(
      """
      retry: K
      next-panel: [Ctrl-N, F5]
      down: [e, down]
      """, file: "keys.yaml")
    desk.press("e")
    #expect(desk.model.queue.selected == ItemID(2))
    desk.press("j")
    #expect(desk.model.queue.selected == ItemID(2))
    #expect(desk.canvas.line(22) == "j does nothing here; ? lists the keys")
    desk.press("K")
    #expect(desk.submitted == [.items(.retryAgain, .ids([ItemID(2)]))])
    desk.press("R<c-n>")
    #expect(desk.submitted.isEmpty)
    #expect(desk.model.focus == .failures)
  }

  @Test func `hints, help and sentences name the mapped keys`() throws {
    var run = FakeRun(count: 100)
    run.state = .paused
    var desk = Desk(run: run)
    desk.model.keyMap = try KeyMapReader.read(
      "retry: K\npause-or-resume: W\nhelp: F1\ntake-back: T", file: "keys.yaml")
    #expect(desk.canvas.line(2) == " RUN PAUSED; W resumes")
    #expect(desk.canvas.line(23).hasPrefix("F1 help  : command"))
    #expect(desk.canvas.line(23).contains("W resume"))
    #expect(desk.canvas.line(23).contains("K retry"))
    desk.press("K")
    #expect(desk.canvas.line(22).hasSuffix("T takes it back"))
    desk.press("jjjjjjK")
    #expect(desk.canvas.line(22) == "K retry: nothing failed is selected")
    desk.send(.key(.function(1)))
    desk.press("<pgdn><pgdn>")
    #expect(desk.screen.contains("  K  "))
  }

  @Test func `sentences that tell what to do next name the mapped keys, too`() throws {
    var run = FakeRun.leverRun
    run.budget?.cap = nil
    var desk = Desk(run: run)
    desk.model.keyMap = try KeyMapReader.read(
      """
      raise-cap: K
      past: e
      filter: s
      yank: p
      palette: ";"
      quit: x
      """, file: "keys.yaml")
    desk.press("6")
    #expect(desk.screen.contains("and no cap: K sets one"))
    desk.press("8p")
    #expect(desk.canvas.line(22) == "p yank: nothing was found")
    desk.send(
      .examined(ExaminationReport(at: FakeRun.now, findings: [], undo: nil, isThorough: false)))
    #expect(desk.screen.contains("a first look; ;examine looks at everything"))
    desk.press("[")
    #expect(desk.canvas.line(22) == "[ event back: e enters the past first")
    desk.press("3n")
    #expect(desk.canvas.line(22) == "nothing is searched for; s searches what is shown")
    desk.press("eR")
    #expect(desk.canvas.line(22) == "R retry: this is the past; e goes back to now")
    #expect(desk.screen.contains("REPLAY") && desk.screen.contains("; e goes back to now"))
    desk.press("e?G")
    #expect(desk.screen.contains("x never stops the run"))
  }

  @Test func `every mistake is told at once, each with its place`() {
    let yaml = """
      retyr: R
      down: hyper
      retry: x
      skip: Ctrl-S
      follow: J
      up: n
      left: []
      """
    #expect(throws: KeyMapError.self) { try KeyMapReader.read(yaml, file: "keys.yaml") }
    do throws(KeyMapError) {
      _ = try KeyMapReader.read(yaml, file: "keys.yaml")
    } catch {
      #expect(
        error.description == """
          keys.yaml:1:1: no action 'retyr'; did you mean retry?
          keys.yaml:2:1: down: no key 'hyper': a character, or space, enter, esc, tab, shift-tab, \
          backspace, del, up, down, left, right, home, end, pgup, pgdn, Ctrl-D, F5
          keys.yaml:3:1: retry: x does not act: what changes the run is an upper-case letter
          keys.yaml:4:1: skip: Ctrl-S does not act: what changes the run is an upper-case letter
          keys.yaml:5:1: follow: J does not look: upper-case letters change the run
          keys.yaml:7:1: left: no key is left for it
          keys.yaml:6:1: up: n is next-match's; give that another key
          """)
    }
  }

  @Test(arguments: [
    ("- a", "keys.yaml:1:1: expected lines of `action: key`"),
    ("retry: {a: b}", "keys.yaml:1:8: expected a key, or a list of keys: [n, down]"),
  ])
  func `what is no map says so`(yaml: String, message: String) {
    do throws(KeyMapError) {
      _ = try KeyMapReader.read(yaml, file: "keys.yaml")
      Issue.record("\(yaml) was read")
    } catch { #expect(error.description == message) }
  }

  @Test func `broken YAML is named, an empty file changes nothing`() throws {
    #expect(throws: KeyMapError.self) { try KeyMapReader.read("a: [", file: "keys.yaml") }
    #expect(try KeyMapReader.read("", file: "keys.yaml") == KeyMap())
  }

  @Test func `a person's file stands beside the themes, and need not exist`() throws {
    let base = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: base) }  // only a temporary folder is left
    let folder = ThemeFolder(path: base.path + "/themes")
    #expect(try KeyMapReader.load(beside: folder) == KeyMap())
    #expect(try KeyMapReader.load(beside: nil) == KeyMap())
    let file = base.appendingPathComponent("keys.yaml")
    try "retry: K".write(to: file, atomically: true, encoding: .utf8)
    #expect(try KeyMapReader.load(beside: folder).name(of: .retry) == "K")
    try Data([0xFF, 0xFE]).write(to: file)
    #expect(throws: KeyMapError.self) { try KeyMapReader.load(beside: folder) }
  }

  @Test func `two actions may swap their keys`() throws {
    var desk = Desk()
    desk.model.keyMap = try KeyMapReader.read("retry: X\ncancel: R", file: "keys.yaml")
    desk.press("X")
    #expect(desk.submitted == [.items(.retryAgain, .ids([ItemID(1)]))])
  }
}

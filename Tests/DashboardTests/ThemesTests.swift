// Themes as data: every mistake has its place, and what is shipped can be read.

import Canvas
import Dashboard
import Testing
import Themes

@Suite struct ThemesTests {
  @Test(arguments: Themes.names)
  func `the themes that come along load without a complaint`(name: String) throws {
    let loaded = try #require(try Themes.bundled(name))
    #expect(loaded.warnings.map(\.description) == [])
    #expect(loaded.theme.name == name)
    #expect(loaded.theme[.fail] != loaded.theme[.ok])
  }

  @Test func `the default uses the terminal's own colours only`() throws {
    let theme = try #require(try Themes.bundled("default")).theme
    for role in Role.allCases {
      for color in [theme[role].foreground, theme[role].background] {
        switch color {
        case .terminal: break
        case .index(let index): #expect(index < 16)
        case .rgb: Issue.record("\(role) has a colour of its own")
        }
      }
    }
  }

  @Test func `a style is attributes, a colour, and a background`() throws {
    let yaml = """
      text: white on black
      fail: bold underline "x"
      """
    #expect(throws: ThemeError.self) { try Themes.load(yaml, file: "t.yaml", name: "t") }
    let theme = try Themes.load(
      "text: white on 16\nfail: 'bold underline #ff0000 on bright-black'\nwait: 208",
      file: "t.yaml",
      name: "t"
    ).theme
    #expect(
      theme[.fail]
        == CellStyle(
          foreground: .rgb(255, 0, 0), background: .index(8), attributes: [.bold, .underline]))
    #expect(theme[.wait] == CellStyle(foreground: .index(208), background: .index(16)))
    #expect(theme[.ok] == theme[.text])
  }

  @Test func `inherited roles stay where nothing replaces them`() throws {
    let base = try #require(try Themes.bundled("default")).theme
    let own = try Themes.load("inherit: default\nok: blue", file: "t.yaml", name: "t").theme
    #expect(own[.ok] == CellStyle(foreground: .index(4)))
    #expect(own[.fail] == base[.fail])
  }

  @Test func `a role that a theme leaves out looks like the one that it is a kind of`() throws {
    let theme = try Themes.load("fail: red\nmuted: dim\nbreaker-open: blue", file: "t", name: "t")
      .theme
    #expect(theme[.costOver] == theme[.fail] && theme[.spark2] == theme[.fail])
    #expect(theme[.breakerOpen] == CellStyle(foreground: .index(4)))
    #expect(theme[.logDebug] == theme[.muted])
    #expect(theme[.replay] == theme[.text])
    for role in Role.allCases {
      #expect(sequence(first: role, next: \.basis).reversed().first == .text, "\(role)")
    }
  }

  @Test func `every mistake is named with its place, all at once`() {
    let yaml = """
      inherit: nope
      failed: red
      fail: rad
      ok: red green
      wait:
      run: bold #ff0000
      """
    let error = #expect(throws: ThemeError.self) {
      try Themes.load(yaml, file: "mine.yaml", name: "mine")
    }
    #expect(
      error?.description.split(separator: "\n").map(String.init) == [
        "mine.yaml:1:10: inherit: no theme 'nope': default, dark, light, colorblind, "
          + "contrast",
        "mine.yaml:2:1: no role 'failed': fail is one",
        "mine.yaml:3:7: fail: 'rad' is no colour and no attribute: default, one of "
          + "black…bright-white, 0…255, \"#rrggbb\"; bold dim reverse underline",
        "mine.yaml:4:5: ok: two colours: 'green' is the second",
        "mine.yaml:5:6: wait: expected a style: bold red, \"#ff7b72 on #16181d\"",
        "mine.yaml:6:6: run: a colour with # needs quotes: \"#rrggbb\"",
      ])
  }

  @Test(arguments: ["{", "- a\n- b", "", "text: [", "a: b\na: c"])
  func `what is no theme at all is refused with a place`(yaml: String) {
    let error = #expect(throws: ThemeError.self) {
      try Themes.load(yaml, file: "mine.yaml", name: "mine")
    }
    #expect(error?.description.hasPrefix("mine.yaml:") == true)
  }

  @Test func `a theme is judged by what a terminal of 256 colours shows of it`() throws {
    // Both fall on the same grey.
    let loaded = try Themes.load(
      "text: '#ffffff on #000000'\nborder: '#1a1a1a on #1c1c1c'", file: "t.yaml", name: "t")
    #expect(
      loaded.warnings.map(\.description) == [
        "t.yaml:2:9: border: contrast 1.0:1 is hard to read; 1.5:1 is needed"
      ])
  }

  @Test func `colours that cannot be told apart are warned about`() throws {
    let loaded = try Themes.load(
      "text: '#ffffff on #000000'\nfail: '#222222'", file: "mine.yaml", name: "mine")
    #expect(
      loaded.warnings.map(\.description) == [
        "mine.yaml:2:7: fail: contrast 1.3:1 is hard to read; 4.5:1 is needed"
      ])
  }
}

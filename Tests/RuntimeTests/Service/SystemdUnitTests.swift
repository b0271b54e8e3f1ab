// The unit's text: hostile paths stay one argument.

import Testing

@testable import Runtime

@Suite("A systemd unit")
struct SystemdUnitTests {
  @Test("quotes its paths: blanks, quotes, percent signs and dollars are part of them")
  func quoted() {
    let unit = SystemdUnit(
      executable: "/opt/foot plate", definition: "/w/50% \"of\" $HOME\\x/f.yaml",
      folder: "/w/50% \"of\" $HOME\\x")
    #expect(
      unit.text.contains(
        #"ExecStart="/opt/foot plate" service work -f "/w/50%% \"of\" $$HOME\\x/f.yaml" "#))
    #expect(unit.text.contains(#"WorkingDirectory=/w/50%% "of" $HOME\x"# + "\n"))
  }

  @Test("is named for its folder, so that two folders have two")
  func named() {
    let one = SystemdUnit(executable: "/f", definition: "/a/b c/f", folder: "/a/b c")
    let two = SystemdUnit(executable: "/f", definition: "/x/b c/f", folder: "/x/b c")
    #expect(one.name.hasPrefix("footplate-b-c-"))
    #expect(one.name.hasSuffix(".service"))
    #expect(one.name != two.name)
  }
}

// Every row of the key table, in every panel: a key does something, or says why it does not.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct KeyTableTests {
  /// Something is marked, filtered, scrolled and waiting, so that most keys have something to do.
  private func desk(in panel: PanelID) -> Desk {
    var run = FakeRun.leverRun
    run.hasCalls = true
    var desk = Desk(120, 40, run: run)
    desk.press("jj<space>jj")
    desk.model.log.search = "step"
    desk.model.focus = panel
    desk.model.toast = nil
    return desk
  }

  /// Keys that may have nothing to do where they are, because all that they do is done already.
  private static let quiet: Set<Intent> = [
    .down, .up, .first, .last, .halfPageUp, .pageUp, .halfPageDown, .pageDown, .nextMatch,
    .previousMatch,
  ]

  @Test(arguments: PanelID.allCases)
  func `a key changes something, asks for something, or says why not`(panel: PanelID) {
    for binding in BindingTable.all where binding.applies(in: panel) {
      for key in binding.keys {
        var desk = desk(in: panel)
        let before = desk.model
        desk.press("")
        desk.send(.key(key))
        let isHere = binding.intent == .panel(panel) || Self.quiet.contains(binding.intent)
        let hasWorked = desk.model != before || !desk.commands.isEmpty
        #expect(hasWorked || isHere, "\(key.name) in \(panel)")
      }
    }
  }

  @Test(arguments: PanelID.allCases)
  func `a key without a meaning says where the meanings are`(panel: PanelID) {
    var desk = desk(in: panel)
    desk.send(.key(.character("Ω")))
    #expect(desk.model.toast?.text == "Ω does nothing here; ? lists the keys")
  }

  @Test func `columns that are not wanted give their room to the others`() {
    var desk = Desk()
    desk.press(":columns state note<enter>")
    #expect(desk.canvas.line(4).split(separator: " ") == ["STATE", "ITEM", "NOTE"])
    desk.press(":columns for,try<enter>")
    #expect(desk.canvas.line(4).split(separator: " ") == ["ITEM", "TRY", "FOR"])
    desk.press(":columns default<enter>")
    #expect(
      desk.canvas.line(4).split(separator: " ") == ["STATE", "ITEM", "STEP", "TRY", "FOR", "NOTE"])
  }
}

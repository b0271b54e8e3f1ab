// `--read-only`: nothing that a person can press, type or choose changes the run.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct ReadOnlyTests {
  /// Everything that could be asked of it could be done, were it not for the flag.
  private func desk(isReadOnly: Bool = true, hasEngine: Bool) -> Desk {
    var run = FakeRun.leverRun
    run.hasEngine = hasEngine
    run.pending = [
      Request(
        id: "other", run: RunID("run-20251121-020000-0123abcd"), action: .pause, by: "ana",
        at: FakeRun.now, notBefore: FakeRun.now.advanced(by: .seconds(5)))
    ]
    var desk = Desk(120, 40, run: run, isReadOnly: isReadOnly)
    let findings = Finding.Code.allCases.map {
      Finding($0, .error, "x", "It is wrong.", .safe, "mends it")
    }
    desk.send(
      .examined(
        ExaminationReport(at: FakeRun.now, findings: findings, undo: "fix-1", isThorough: false)))
    return desk
  }

  /// Presses, answers whatever is asked with yes, and lets the grace pass.
  private func acts(_ desk: inout Desk, _ keys: String) -> Bool {
    desk.press(keys)
    if case .prompt = desk.model.overlay { desk.send(.key(.enter)) }
    if case .sheet = desk.model.overlay { desk.send(.key(.character("y"))) }
    desk.wait(.seconds(6))
    desk.send(.tick(desk.model.now.advanced(by: .seconds(6))))
    return desk.commands.contains(where: \.isActing)
  }

  private static let lines: [String: String] = [
    "cap": "cap 9", "parallel": "parallel 8", "hold": "hold step write",
    "release": "release provider anthropic", "breaker": "breaker openai open",
    "doctor": "doctor COUNTS_DRIFT",
  ]

  @Test(arguments: [true, false])
  func `no key acts, in no panel`(hasEngine: Bool) {
    for binding in BindingTable.all where binding.intent.isActing {
      for panel in PanelID.allCases {
        for key in binding.keys {
          var desk = desk(hasEngine: hasEngine)
          desk.model.focus = panel
          #expect(!acts(&desk, key.name), "\(key.name) in \(panel)")
          #expect(desk.model.pending.isEmpty)
        }
      }
    }
  }

  @Test(arguments: [true, false])
  func `no command of the palette acts`(hasEngine: Bool) {
    for command in PaletteTable.all {
      for line in [command.name, Self.lines[command.name] ?? command.name] {
        var desk = desk(hasEngine: hasEngine)
        #expect(!acts(&desk, ":\(line)<enter>"), "\(line)")
        guard command.isActing else { continue }
        desk = self.desk(hasEngine: hasEngine)
        desk.press(":\(line)<enter>")
        #expect(desk.screen.contains("attached with --read-only"), "\(line)")
      }
    }
  }

  @Test(arguments: [true, false])
  func `no entry of a menu acts, and each says why`(hasEngine: Bool) {
    for panel in PanelID.allCases {
      var open = desk(hasEngine: hasEngine)
      open.model.focus = panel
      for entry in open.model.actionMenu.entries {
        var desk = open
        #expect(!acts(&desk, "A\(Character(entry.key))"), "\(panel) \(entry.label)")
        let isLooking = !entry.errand.isActing
        #expect(isLooking || open.model.reasonAgainst(entry.errand) == "attached with --read-only")
      }
    }
  }

  @Test func `what looks still works`() {
    var desk = desk(hasEngine: true)
    desk.press("jj:sort age<enter>")
    #expect(desk.model.queue.order == .age)
    desk.press("8Ap")
    #expect(desk.screen.contains("[any key closes]"))
  }

  @Test func `without the flag the same keys and commands do act`() {
    for keys in ["R", "Sx", "P", "C<c-u>9", "Q", "F", ":hold step write<enter>", "4Ao"] {
      var desk = desk(isReadOnly: false, hasEngine: true)
      #expect(acts(&desk, keys), "\(keys)")
    }
    var desk = desk(isReadOnly: false, hasEngine: false)
    #expect(acts(&desk, "D"))
  }
}

// Time travel at the screen: into the past, about in it, and back.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct ReplayTests {
  @Test func `t shows the past under a band that cannot be missed`() {
    var desk = Desk()
    desk.press("t{")
    #expect(
      desk.screen == """
        document-modules RUNNING ██░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 4%  past
        queued 892  wait 2  run 2  done 40  skip 0  FAIL 3
         REPLAY 02:07:27 (-6:40): t goes back to now
        ─[1 Queue] 2 Failures 3 ──────────────────────────── 939 items · trouble first ─
           STATE  ITEM                           STEP    TRY   FOR  NOTE
         ▸ FAIL   Sources/Auth/Token.swift       write     4  0:00  G-07 14:81 line too…
           FAIL   Sources/Net/Pool.swift (2)     review    4  0:00  G-07 14:81 line too…
           FAIL   Sources/Net/Dial.swift         write     4  0:00  G-07 14:81 line too…
           FAIL   docs/日本語/概要.md            review    4  0:00  G-08 14:81 line too…
           wait   a^[[2J^Jb                      write     2  0:00  retry in 7:02  exit…
           wait   gnp<U+202E>exe.swift           review    2  0:00  retry in 7:03  exit…
           run    Sources/Auth/Login.swift       write     1  0:00
           run    Sources/Auth/Key.swift         review    1  0:00
           queued Sources/File8.swift            write     -  0:00
        ─ 3 Item ─ following, 120 dropped  [log] tries receipts prompt answer diff why ─
         Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 2 others
         02:13:36 step 26 of item 1
         02:13:37 step 27 of item 1
         02:13:38 step 28 of item 1
         02:13:39 step 29 of item 1
         02:13:40 step 30 of item 1
         failed: <<U+202E>gnp.exe^[]0;x^G
        02:00 ───▲─────────▲●───────────── 02:14  FAIL Sources/Auth/Token.swift: 14:81 …
        t now  [ event back  ] event forward  { failure back  } next failure  space play
        """)
    #expect(desk.canvas[2, 79].style == desk.theme[.replay])
  }

  @Test func `200×60 has the failures over the scrubber in the charts' place`() {
    var desk = Desk(200, 60)
    desk.press("t{{")
    #expect(
      desk.canvas.lines[48...].joined(separator: "\n") == """
           for example Sources/Auth/Token.swift                                                                                     │ failed: <<U+202E>gnp.exe^[]0;x^G
        ─ Replay ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────┴──────────────────────────────────────────────────────── event 400 of 801 ─
                                                                                                           █
                                                                                                           █
                                                                                                           █
                                     ▄                                                                     █
                                     █                                                                     █
                                     █                                                                     █
                                     █                                                                     █
        02:00 ───────────────────────▲─────────────────────────────────────────────────────────────────────●────────────────────────────────────────────────────────────────────────────────────────────── 02:14
        FAIL Sources/Auth/Token.swift: 14:81 line too long
        t now  [ event back  ] event forward  { failure back  } next failure  space play  ? help  q detach  : command  / filter  enter open  tab panel
        """)
  }

  @Test func `a person steps, finds failures, plays and comes back`() {
    var desk = Desk()
    desk.press("t")
    #expect(desk.commands.prefix(2) == [.stopLog, .enterPast(.sequence(.max), visit: 1)])
    desk.press("[[]")
    #expect(
      desk.commands.filter(\.isMove)
        == [.events(-1), .events(-1), .events(1)].map { .movePast($0) })
    #expect(desk.past?.sequence == 800)
    desk.press("{{}")
    #expect(desk.past?.sequence == 401)
    desk.press("}")
    #expect(desk.canvas.line(22) == "nothing failed there")
    desk.press("t")
    #expect(desk.model.past == nil && desk.past == nil)
    #expect(desk.commands.first == .leavePast)
    #expect(desk.canvas.line(1).contains("done 100"))
    #expect(desk.canvas.line(2).trimmed.isEmpty)
  }

  @Test func `space plays, ten times as fast, and stands still again`() {
    var desk = Desk()
    desk.press("t:at -10m<enter>")
    #expect(desk.past?.sequence == 201)
    desk.press("<space>")
    desk.send(.tick(desk.model.now.advanced(by: .milliseconds(50))))
    #expect(desk.past?.sequence == 201)
    desk.send(.tick(desk.model.now.advanced(by: .seconds(1))))
    #expect(desk.past?.at == FakeRun.now.advanced(by: .milliseconds(-600_000 + 1050)))
    #expect(desk.canvas.line(2).contains("REPLAY ×1 "))
    desk.press("<space>")
    desk.send(.tick(desk.model.now.advanced(by: .seconds(1))))
    #expect(desk.past?.at == FakeRun.now.advanced(by: .milliseconds(-600_000 + 11_050)))
    #expect(desk.model.isPlaying)
    desk.press("<space>")
    desk.send(.tick(desk.model.now.advanced(by: .seconds(1))))
    #expect(desk.past?.sequence == 212)
    #expect(!desk.model.isPlaying)
  }

  @Test func `playing ends with the newest event`() {
    var desk = Desk()
    desk.press("t[<space><space>")
    desk.send(.tick(desk.model.now.advanced(by: .seconds(1))))
    #expect(desk.past?.sequence == FakePast.last)
    #expect(!desk.model.isPlaying)
    #expect(desk.canvas.line(22) == "this is the newest event; t goes back to now")
  }

  @Test(arguments: ["R", "S", "X", "F", "P", "C", "U", "Q"])
  func `what acts says that this is the past`(key: String) {
    var desk = Desk()
    desk.press("t" + key)
    #expect(desk.commands.allSatisfy { !$0.isAct })
    #expect(desk.canvas.line(22).hasSuffix("this is the past; t goes back to now"))
  }

  @Test func `the keys of the past say in the present where they work`() {
    var desk = Desk()
    desk.press("[")
    #expect(desk.commands.isEmpty)
    #expect(desk.canvas.line(22) == "[ event back: t enters the past first")
    desk.press("<space>")
    #expect(desk.model.queue.marks.count == 1)
  }

  @Test func `live news wait behind the past, and late answers of the other time are ignored`() {
    var desk = Desk()
    let live = desk.model.queue.rows
    desk.press("t[")
    var later = desk.run.snapshot(at: FakeRun.now.advanced(by: .seconds(9)))
    later.summary.counts.done = 777
    desk.send(.snapshot(later))
    #expect(desk.canvas.line(1).contains("done 80"))
    let query = desk.model.queue.query(.first, limit: 5)
    desk.answers = false
    desk.press("i")
    desk.send(.page(ItemPage(rows: [], hasEarlier: false, hasLater: false), for: query))
    desk.send(.log(LogPiece(item: ItemID(1), isNewLog: true, lines: [Array("live".utf8)])))
    #expect(desk.model.queue.rows == live)
    #expect(!desk.model.log.lines.contains(Array("live".utf8)))
    desk.press("i<esc>")
    #expect(desk.model.past == nil)
    #expect(desk.canvas.line(1).contains("done 777"))
    desk.send(.replay(.progress(0.5), visit: 1))
    desk.send(.replay(.moment(FakePast(visit: 1).moment, desk.run.snapshot()), visit: 1))
    #expect(desk.canvas.line(1).contains("done 777"))
  }

  @Test func `a long way there says how far it is, and can be left`() {
    var desk = Desk()
    desk.answers = false
    desk.press("t")
    #expect(desk.canvas.line(2) == " REPLAY: reading the ledger; t goes back to now")
    desk.send(.replay(.progress(0.414), visit: 1))
    #expect(desk.canvas.line(2) == " REPLAY: reading the ledger 41%; t goes back to now")
    desk.press("t")
    #expect(desk.model.past == nil)
    #expect(desk.canvas.line(2).trimmed.isEmpty)
  }

  @Test func `an item's texts are those of the moment, and the present's come too late`() {
    var desk = Desk()
    desk.press("llltj")
    #expect(desk.model.shownText?.text.lines.first?.hasPrefix("as it was at ") == true)
    let item = desk.model.queue.selected ?? ItemID(1)
    desk.send(.tab(item, .prompt, TabText(lines: ["as it is"])))
    #expect(desk.model.shownText?.text.lines.first?.hasPrefix("as it was at ") == true)
    desk.press("t")
    #expect(desk.model.shownText?.text.lines.first?.hasPrefix("Document the module ") == true)
  }

  @Test func `a past that cannot be had leads back to now`() {
    var desk = Desk()
    desk.answers = false
    desk.press("t")
    desk.send(.replay(.failed("no room"), visit: 1))
    #expect(desk.model.past == nil)
    #expect(desk.canvas.line(22) == "no room")
  }
}

@Suite struct PastTimeTests {
  static let zone = Zone(name: "CET", offset: .seconds(3600))

  /// Now is 03:14:07 in this zone.
  @Test(arguments: [
    ("03:14", "2025-11-21T02:14:00.000Z"), ("03:15", "2025-11-20T02:15:00.000Z"),
    ("3:14:07", "2025-11-21T02:14:07.000Z"), ("00:30", "2025-11-20T23:30:00.000Z"),
    ("-10m", "2025-11-21T02:04:07.000Z"), ("+1h30m", "2025-11-21T03:44:07.000Z"),
    ("-2d", "2025-11-19T02:14:07.000Z"), ("2025-11-20 12:00", "2025-11-20T11:00:00.000Z"),
    ("2025-11-20T12:00:05", "2025-11-20T11:00:05.000Z"),
    ("2025-11-20T12:00:05Z", "2025-11-20T12:00:05.000Z"),
  ])
  func `a time is read as a person means it`(text: String, expected: String) throws {
    let time = try PastTime.parse(
      text, now: FakeRun.now, present: FakeRun.now, zone: Self.zone)
    #expect(time.rfc3339 == expected)
  }

  @Test(arguments: [
    "", "-", "+", "24:00", "12:60", "1:2:3:4", "10", "-10", "-10x", "-99999999999999999999m", "::",
    "2025-13-40 12:00", "now", "-1m1", "٣:١٤", "-٣m", "2025-11-20 12:00Z",
  ])
  func `anything else is said to be no time`(text: String) {
    let problem = #expect(throws: PastTime.Problem.self) {
      try PastTime.parse(text, now: FakeRun.now, present: FakeRun.now, zone: Self.zone)
    }
    #expect(problem?.text == text)
  }
}

extension DashboardCommand {
  fileprivate var isMove: Bool { if case .movePast = self { true } else { false } }
  fileprivate var isAct: Bool {
    switch self {
    case .submit, .startEngine, .withdraw: true
    default: false
    }
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}

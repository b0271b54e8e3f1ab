// Coming back: what is told, when, and where its numbers lead.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct AwayTests {
  private func report(hours: Int = 8) -> AwayReport {
    func dollars(_ number: Int64) -> Money { Money(picodollars: number * 1_000_000_000_000) }
    let now = FakeRun.now
    let from = now.advanced(by: .seconds(-3600 * hours + 480))
    return AwayReport(
      run: RunID("run-20251121-020000-0123abcd"), from: from, to: now, done: 288_104, failed: 37,
      newGroups: ["G-07", "G-08", "G-09"], reopenedGroups: ["G-04"], slip: .seconds(2400),
      breakers: [
        AwayReport.BreakerTrouble(
          provider: "openai", trips: 3, longest: .seconds(1320), isOpen: true)
      ],
      waited: .seconds(4140),
      worstWait: AwayReport.LimitWait(
        provider: "anthropic", dimension: "tokens", waited: .seconds(4000)),
      spent: dollars(151), cap: dollars(500), capReachedAt: now.advanced(by: .seconds(14_153)),
      pauses: [
        AwayReport.Pause(
          from: now.advanced(by: .seconds(-840)), to: now.advanced(by: .seconds(-240)), by: "ana",
          why: "")
      ],
      capChanges: [AwayReport.CapChange(at: now, from: dollars(400), to: dollars(500), by: "ana")])
  }

  private func desk(_ report: AwayReport?, _ columns: Int = 80, _ rows: Int = 24) -> Desk {
    var run = FakeRun(count: 1000)
    run.away = report
    return Desk(columns, rows, run: run)
  }

  @Test func `who comes back after hours is told what happened`() {
    let desk = desk(report())
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─[1 Queue] 2 Failures 4 ────────────────────────── 1,000 items · trouble first ─
           STATE  ITEM                           STEP    TRY   FOR  NOTE
         ▸ FAIL   Sources/Auth/Token.swift       write     4  0:12  G-07 14:81 line too…
           FAIL   Sources/Net/Pool.swift (2)     review    4  1:12  G-07 14:81 line too…
        ┌─ AWAY 7h52m (last seen 18:22) ──────────────────────────── enter: dashboard ─┐
        │                                                                              │
        │ 1  done +288,104   failed +37 in 3 new groups   REOPENED G-04                │
        │    ends later by 40:00                                                       │
        │ 2  breaker openai tripped 3 times, longest 22:00, OPEN now                   │
        │ 3  rate limits cost 1h09m of waiting, worst: anthropic tokens                │
        │ 4  spent $151; the cap is reached at ~06:10 at this rate                     │
        │ 5  paused 02:00 to 02:10, by ana   cap $400 to $500 by ana                   │
        │                                                                              │
        └──────────────────────────────────────────────────────────────────────────────┘
         02:13:37 step 27 of item 1
         02:13:38 step 28 of item 1
         02:13:39 step 29 of item 1
         02:13:40 step 30 of item 1
         failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  space mark  2 failures  R retry  P pause  q detach
        """)
  }

  @Test func `120×40`() {
    let desk = desk(report(), 120, 40)
    #expect(
      desk.screen == """
        document-modules RUNNING ██████▊░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892   wait 2   run 2   done 100   skip 0   FAIL 4   slots 2/8

        ─[1 Queue]────────────────────────────────── 1,000 items · trouble first ─┬─ 3 Item ──── tries rcpt prmt answ diff why ─
           STATE  ITEM                          STEP    TRY   FOR  NOTE           │ Sources/Auth/Token.swift FAIL at write, 4 t…
         ▸ FAIL   Sources/Auth/Token.swift      write     4  0:12  G-07 14:81 lin…│ 02:12:37 ██████ write #1 interrupted 0:12
           FAIL   Sources/Net/Pool.swift (2)    review    4  1:12  G-07 14:81 lin…│ 02:13:07 ██████ write #2 FAIL 0:12  $0.02  …
           FAIL   Sources/Net/Dial.swift        write     4  2:12  G-07 14:81 lin…│          exit 1: 14:81 too long
           FAIL   docs/日本語/概要.md           review    4  3:12  G-08 14:81 lin…│
           wait   a^[[2J^Jb                     write     2  4:12  retry in 0:22 …│
           wait   gnp<U+202E>exe.swift          review    2  0:12  retry in 0:23 …│
           run    Sources/Auth/Login.swift      write     1  1:12                 │
           run    Sources/Auth/Key.swift        review    1  2:12                 │
           queued Sources/File8.swift           write     -  3:12                 │
           queued Sources/File9.swift           review    -  4:12                 │
           queued Source┌─ AWAY 7h52m (last seen 18:22) ─────────────────────────────────── enter: dashboard ─┐
           queued Source│                                                                                     │
           queued Source│ 1  done +288,104   failed +37 in 3 new groups   REOPENED G-04   ends later by 40:00 │ng, 120 dropped ─
           queued Source│ 2  breaker openai tripped 3 times, longest 22:00, OPEN now                          │
           queued Source│ 3  rate limits cost 1h09m of waiting, worst: anthropic tokens                       │
           queued Source│ 4  spent $151; the cap is reached at ~06:10 at this rate                            │
           queued Source│ 5  paused 02:00 to 02:10, by ana   cap $400 to $500 by ana                          │
           queued Source│                                                                                     │
           queued Source└─────────────────────────────────────────────────────────────────────────────────────┘
           queued Sources/File19.swift          review    -  4:12                 │ 02:13:28 step 18 of item 1
           queued Sources/File20.swift          write     -  0:12                 │ 02:13:29 step 19 of item 1
           queued Sources/File21.swift          review    -  1:12                 │ 02:13:30 step 20 of item 1
           queued Sources/File22.swift          write     -  2:12                 │ 02:13:31 step 21 of item 1
           queued Sources/File23.swift          review    -  3:12                 │ 02:13:32 step 22 of item 1
           queued Sources/File24.swift          write     -  4:12                 │ 02:13:33 step 23 of item 1
           queued Sources/File25.swift          review    -  0:12                 │ 02:13:34 step 24 of item 1
           queued Sources/File26.swift          write     -  1:12                 │ 02:13:35 step 25 of item 1
           queued Sources/File27.swift          review    -  2:12                 │ 02:13:36 step 26 of item 1
        ─ 2 Failures 4 ────────────────────────────────── 2 groups, $0.06 wasted ─┤ 02:13:37 step 27 of item 1
           GROUP COUNT  LAST  TREND           COST  WHAT                          │ 02:13:38 step 28 of item 1
         ▸ G-07      3  0:12      ▃▅ rising   0.06  check lint: <n>:<n> line too …│ 02:13:39 step 29 of item 1
           G-08      1 11:40     ▃   quiet       -  exit 1: no module <name>      │ 02:13:40 step 30 of item 1
           to do: read what the check says, then edit or retry · for example Sour…│ failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  space mark  enter open  tab panel  2 failures  R retry  P pause  C cap  Q stop  q detach
        """)
  }

  @Test func `a number jumps to the panel of its line, anything else only closes`() {
    for (key, focus) in [
      ("1", PanelID.failures), ("2", .breakers), ("4", .cost), ("<enter>", .queue),
    ] {
      var desk = desk(report())
      desk.press(key)
      #expect(desk.model.overlay == nil && desk.model.focus == focus)
    }
    var desk = desk(report())
    desk.press("R")
    #expect(desk.submitted.isEmpty && desk.model.overlay == nil)
  }

  @Test func `only what there is to tell is told, and nothing after a short absence`() {
    var calm = report()
    calm.breakers = []
    calm.waited = .zero
    calm.pauses = []
    calm.capChanges = []
    calm.failed = 0
    var desk = desk(calm)
    #expect(desk.screen.contains("2  spent $151"))
    desk.press("1")
    #expect(desk.model.focus == .queue)
    var short = report()
    short.from = FakeRun.now.advanced(by: .seconds(-599))
    #expect(self.desk(short).model.overlay == nil)
    let nothing = AwayReport(
      run: short.run, from: FakeRun.now.advanced(by: .seconds(-9000)), to: FakeRun.now)
    #expect(self.desk(nothing).model.overlay == nil)
  }

  @Test func `the first key after an hour of silence shows it, and does nothing else`() {
    var desk = desk(nil)
    desk.press("j")
    desk.run.away = report(hours: 2)
    desk.wait(.seconds(3601))
    desk.press("R")
    #expect(desk.commands == [.fetchAway(since: FakeRun.now)])
    #expect(desk.model.overlay != nil && desk.submitted.isEmpty)
    desk.press("j")
    #expect(desk.model.overlay == nil)
    desk.press("R")
    #expect(desk.submitted.count == 1)
  }

  @Test func `where there is nothing to tell that key is not lost`() {
    var desk = desk(nil)
    desk.press("j")
    desk.run.away = AwayReport(
      run: RunID("run-20251121-020000-0123abcd"), from: FakeRun.now, to: FakeRun.now)
    desk.wait(.seconds(3601))
    desk.press("j")
    #expect(desk.model.queue.selected == ItemID(3))
    // Nor where the answer does not come before the next key.
    desk.run.away = nil
    desk.wait(.seconds(3601))
    desk.press("jj")
    #expect(desk.model.queue.selected == ItemID(5))
    desk.wait(.seconds(3601))
    desk.press("q")
    #expect(desk.commands == [.quit(.detached)])
  }

  @Test func `keys are told to the store at most every ten seconds`() {
    var desk = desk(nil)
    desk.press("jjj")
    #expect(desk.marks == 1)
    desk.wait(.seconds(9))
    desk.press("j")
    #expect(desk.marks == 1)
    desk.wait(.seconds(2))
    desk.press("j")
    #expect(desk.marks == 2)
  }

  @Test func `asked by hand it is shown however short the absence was`() {
    var desk = desk(nil)
    #expect(desk.model.askForAway() == [.fetchAway(since: nil)])
    desk.send(.away(nil))
    #expect(desk.canvas.line(22).hasPrefix("nobody has looked at this run before"))
    var short = report()
    short.from = FakeRun.now.advanced(by: .seconds(-5))
    _ = desk.model.askForAway()
    desk.send(.away(short))
    #expect(desk.model.overlay == .away(short))
  }
}

// The failures' panel at every width: what a long night left, and what is done about it.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct TriageScreensTests {
  private func night(_ columns: Int = 80, _ rows: Int = 24) -> Desk {
    var run = FakeRun(count: 1000)
    run.otherGroups = FakeRun.night
    return Desk(columns, rows, run: run)
  }

  @Test func `groups say how many, how long, whether they grow, what they cost and what to do`() {
    var desk = night()
    desk.press("2")
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─ 1 Queue [2 Failures 4]─────────────────────────────── 4 groups, $0.71 wasted ─
           GROUP COUNT  LAST  TREND           COST  WHAT
         ▸ G-07     31  0:12  ▂▃▂▄▅█ rising   0.60  check lint: <n>:<n> line too long
           G-08      5  1:10   ▃ ▃▃  steady   0.09  REOPENED exit 1: no module <name>
           G-09      1 1h01m         quiet    0.02  loop: same feedback twice
           G-04      0 2h13m         over        -  provider 529: overloaded


           note: the new rule; ask ana
           to do: read what the check says, then edit or retry
           for example Sources/Auth/Token.swift
        ─ 3 Item ─ following, 120 dropped  [log] tries receipts prompt answer diff why ─
         Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 30 others
         02:13:36 step 26 of item 1
         02:13:37 step 27 of item 1
         02:13:38 step 28 of item 1
         02:13:39 step 29 of item 1
         02:13:40 step 30 of item 1
         failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  enter open  R retry  S skip  P pause  q detach
        """)
  }
  @Test func `in ASCII too`() {
    var desk = night()
    desk.glyphs = .ascii
    desk.press("2j")
    #expect(
      desk.screen == """
        document-modules RUNNING [##......................] 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        - 1 Queue [2 Failures 4]------------------------------- 4 groups, $0.71 wasted -
           GROUP COUNT  LAST  TREND           COST  WHAT
           G-07     31  0:12  :::-+# rising   0.60  check lint: <n>:<n> line too long
         > G-08      5  1:10   : ::  steady   0.09  REOPENED exit 1: no module <name>
           G-09      1 1h01m         quiet    0.02  loop: same feedback twice
           G-04      0 2h13m         over        -  provider 529: overloaded



           to do: retry
           for example docs/日本語/概要.md
        - 3 Item - following, 120 dropped  [log] tries receipts prompt answer diff why -
         Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 30 others
         02:13:36 step 26 of item 1
         02:13:37 step 27 of item 1
         02:13:38 step 28 of item 1
         02:13:39 step 29 of item 1
         02:13:40 step 30 of item 1
         failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  enter open  R retry  S skip  P pause  q detach
        """)
  }

  @Test func `120×40 shows them under the queue`() {
    let desk = night(120, 40)
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
           queued Sources/File10.swift          write     -  0:12                 │
           queued Sources/File11.swift          review    -  1:12                 │
           queued Sources/File12.swift          write     -  2:12                 ├─[log]────────────── following, 120 dropped ─
           queued Sources/File13.swift          review    -  3:12                 │ 02:13:22 step 12 of item 1
           queued Sources/File14.swift          write     -  4:12                 │ 02:13:23 step 13 of item 1
           queued Sources/File15.swift          review    -  0:12                 │ 02:13:24 step 14 of item 1
           queued Sources/File16.swift          write     -  1:12                 │ 02:13:25 step 15 of item 1
           queued Sources/File17.swift          review    -  2:12                 │ 02:13:26 step 16 of item 1
           queued Sources/File18.swift          write     -  3:12                 │ 02:13:27 step 17 of item 1
           queued Sources/File19.swift          review    -  4:12                 │ 02:13:28 step 18 of item 1
           queued Sources/File20.swift          write     -  0:12                 │ 02:13:29 step 19 of item 1
           queued Sources/File21.swift          review    -  1:12                 │ 02:13:30 step 20 of item 1
           queued Sources/File22.swift          write     -  2:12                 │ 02:13:31 step 21 of item 1
           queued Sources/File23.swift          review    -  3:12                 │ 02:13:32 step 22 of item 1
           queued Sources/File24.swift          write     -  4:12                 │ 02:13:33 step 23 of item 1
           queued Sources/File25.swift          review    -  0:12                 │ 02:13:34 step 24 of item 1
           queued Sources/File26.swift          write     -  1:12                 │ 02:13:35 step 25 of item 1
        ─ 2 Failures 4 ────────────────────────────────── 4 groups, $0.71 wasted ─┤ 02:13:36 step 26 of item 1
           GROUP COUNT  LAST  TREND           COST  WHAT                          │ 02:13:37 step 27 of item 1
         ▸ G-07     31  0:12  ▂▃▂▄▅█ rising   0.60  check lint: <n>:<n> line too …│ 02:13:38 step 28 of item 1
           G-08      5  1:10   ▃ ▃▃  steady   0.09  REOPENED exit 1: no module <n…│ 02:13:39 step 29 of item 1
           G-09      1 1h01m         quiet    0.02  loop: same feedback twice     │ 02:13:40 step 30 of item 1
           note: the new rule; ask ana · to do: read what the check says, then ed…│ failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  space mark  enter open  tab panel  2 failures  R retry  P pause  C cap  Q stop  q detach
        """)
  }

  @Test func `200×60 has room for what to do`() {
    let desk = night(200, 60)
    #expect(
      desk.screen == """
        document-modules RUNNING ███████████████▏░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892   wait 2   run 2   done 100   skip 0   FAIL 4   slots 2/8

        ─[1 Queue]──────────────────────────────────────────────────────────────────────────────────── 1,000 items · trouble first ─┬─ 3 Item ────────────────────────── tries receipts prompt answer diff why ─
           STATE  ITEM                                                     STEP    TRY   FOR  NOTE                                  │ Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 30 others
         ▸ FAIL   Sources/Auth/Token.swift                                 write     4  0:12  G-07 14:81 line too long              │ 02:12:37 ██████ write #1 interrupted 0:12
           FAIL   Sources/Net/Pool.swift (2)                               review    4  1:12  G-07 14:81 line too long              │ 02:13:07 ██████ write #2 FAIL 0:12  $0.02  haiku-4.5
           FAIL   Sources/Net/Dial.swift                                   write     4  2:12  G-07 14:81 line too long              │          exit 1: 14:81 too long
           FAIL   docs/日本語/概要.md                                      review    4  3:12  G-08 14:81 line too long              │
           wait   a^[[2J^Jb                                                write     2  4:12  retry in 0:22  exit 1                 │
           wait   gnp<U+202E>exe.swift                                     review    2  0:12  retry in 0:23  exit 1                 │
           run    Sources/Auth/Login.swift                                 write     1  1:12                                        │
           run    Sources/Auth/Key.swift                                   review    1  2:12                                        │
           queued Sources/File8.swift                                      write     -  3:12                                        │
           queued Sources/File9.swift                                      review    -  4:12                                        │
           queued Sources/File10.swift                                     write     -  0:12                                        │
           queued Sources/File11.swift                                     review    -  1:12                                        │
           queued Sources/File12.swift                                     write     -  2:12                                        │
           queued Sources/File13.swift                                     review    -  3:12                                        │
           queued Sources/File14.swift                                     write     -  4:12                                        │
           queued Sources/File15.swift                                     review    -  0:12                                        │
           queued Sources/File16.swift                                     write     -  1:12                                        │
           queued Sources/File17.swift                                     review    -  2:12                                        ├─[log]──────────────────────────────────────────── following, 120 dropped ─
           queued Sources/File18.swift                                     write     -  3:12                                        │ 02:13:16 step 6 of item 1
           queued Sources/File19.swift                                     review    -  4:12                                        │ 02:13:17 step 7 of item 1
           queued Sources/File20.swift                                     write     -  0:12                                        │ 02:13:18 step 8 of item 1
           queued Sources/File21.swift                                     review    -  1:12                                        │ 02:13:19 step 9 of item 1
           queued Sources/File22.swift                                     write     -  2:12                                        │ 02:13:20 step 10 of item 1
           queued Sources/File23.swift                                     review    -  3:12                                        │ 02:13:21 step 11 of item 1
           queued Sources/File24.swift                                     write     -  4:12                                        │ 02:13:22 step 12 of item 1
           queued Sources/File25.swift                                     review    -  0:12                                        │ 02:13:23 step 13 of item 1
           queued Sources/File26.swift                                     write     -  1:12                                        │ 02:13:24 step 14 of item 1
           queued Sources/File27.swift                                     review    -  2:12                                        │ 02:13:25 step 15 of item 1
           queued Sources/File28.swift                                     write     -  3:12                                        │ 02:13:26 step 16 of item 1
           queued Sources/File29.swift                                     review    -  4:12                                        │ 02:13:27 step 17 of item 1
           queued Sources/File30.swift                                     write     -  0:12                                        │ 02:13:28 step 18 of item 1
           queued Sources/File31.swift                                     review    -  1:12                                        │ 02:13:29 step 19 of item 1
           queued Sources/File32.swift                                     write     -  2:12                                        │ 02:13:30 step 20 of item 1
           queued Sources/File33.swift                                     review    -  3:12                                        │ 02:13:31 step 21 of item 1
           queued Sources/File34.swift                                     write     -  4:12                                        │ 02:13:32 step 22 of item 1
           queued Sources/File35.swift                                     review    -  0:12                                        │ 02:13:33 step 23 of item 1
           queued Sources/File36.swift                                     write     -  1:12                                        │ 02:13:34 step 24 of item 1
           queued Sources/File37.swift                                     review    -  2:12                                        │ 02:13:35 step 25 of item 1
        ─ 2 Failures 4 ──────────────────────────────────────────────────────────────────────────────────── 4 groups, $0.71 wasted ─┤ 02:13:36 step 26 of item 1
           GROUP COUNT  FIRST  LAST  TREND                 COST  WHAT                                   WHAT TO DO                  │ 02:13:37 step 27 of item 1
         ▸ G-07     31  2h45m  0:12   ▁ ▂▁▁▂▃▂▄▅█ rising   0.60  check lint: <n>:<n> line too long      read what the check says, t…│ 02:13:38 step 28 of item 1
           G-08      5  1h11m  1:10  ▃ ▃  ▃ ▃ ▃▃  steady   0.09  REOPENED exit 1: no module <name>      retry                       │ 02:13:39 step 29 of item 1
           G-09      1  1h01m 1h01m  ▃            quiet    0.02  loop: same feedback twice              review: accept or send back │ 02:13:40 step 30 of item 1
           note: the new rule; ask ana · for example Sources/Auth/Token.swift                                                       │ failed: <<U+202E>gnp.exe^[]0;x^G
        ─ Speed ────────────────────────────────────────────────────────────────── 38/s now, 38/s at most ─┬─ Failures ─────────────┴───────────────────────────────────────────────────────────────────────────
         nothing to draw yet: it is measured every 2 s while this screen is open                           │ nothing to draw yet: it is measured every 2 s while this screen is open
                                                                                                           │
                                                                                                           │
                                                                                                           │
                                                                                                           │
                                                                                                           │
                                                                                                           │
                                                                                                           │

        ? help  : command  / filter  space mark  enter open  tab panel  2 failures  R retry  S skip  X cancel  F retry failed  P pause  C cap  E edit  A actions  D fix  U take back  Q stop  t past  q detach
        """)
  }

  @Test func `narrow windows keep the name, the number and what it is`() {
    for (columns, line) in [
      (79, "   G-08      5  1:10   ▃ ▃▃  steady   0.09  REOPENED exit 1: no module <name>"),
      (59, "   G-08      5  1:10  steady   0.09  REOPENED exit 1: no m…"),
      (47, "   G-08      5  1:10    REOPENED exit 1: no mo…"),
      (36, "   G-08      5    REOPENED exit 1: …"),
    ] {
      var desk = night(columns, 20)
      desk.press("2")
      #expect(desk.canvas.lines.first { $0.contains("G-08") } == line)
    }
  }

  @Test func `R on a group offers a canary, with what it costs`() {
    var desk = night()
    desk.press("2R")
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─ 1 Queue [2 Failures 4]─────────────────────────────── 4 groups, $0.71 wasted ─
           GROUP COUNT  LAST  TREND           COST  WHAT
         ▸ G-07     31  0:12  ▂▃▂▄▅█ rising   0.60  check lint: <n>:<n> line too long
           G-08      5  1:10   ▃ ▃▃  steady   0.09  REOPENED exit 1: no module <name>
         ┌────────────────────────────────────────────────────────────────────────────┐
         │  Retry G-07's 31 items?                                                    │
         │                                                                            │
         │  check lint: <n>:<n> line too long                                         │
         │  for example Sources/Auth/Token.swift                                      │
         │  about $0.60 for all, about $0.10 for a canary                             │
         │  suggested: read what the check says, then edit or retry                   │
        ─│                                                                            │─
         │  c canary: 5, the rest only if they pass   y all 31   [any other key: No]  │
         └────────────────────────────────────────────────────────────────────────────┘
         02:13:37 step 27 of item 1
         02:13:38 step 28 of item 1
         02:13:39 step 29 of item 1
         02:13:40 step 30 of item 1
         failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  enter open  R retry  S skip  P pause  q detach
        """)
    desk.press("c")
    #expect(desk.submitted == [.retryGroup(FakeRun.lint, canary: 5, Overrides())])
    #expect(desk.canvas.line(22) == "retry 5 of G-07, about $0.10 in 5 s   U takes it back")
  }

  @Test func `the whole group at once is the other choice, and anything else is No`() {
    var desk = night()
    desk.press("2Ry")
    #expect(desk.submitted == [.items(.retryAgain, .group(FakeRun.lint))])
    #expect(desk.canvas.line(22).hasPrefix("retry G-07's 31 items, about $0.60 in 5 s"))
    desk.press("R<enter>")
    #expect(desk.submitted.isEmpty && desk.model.overlay == nil)
  }

  @Test func `above a thousand items a canary is still one key, and all of them are typed`() {
    var groups = FakeRun.night
    groups[0].count = 2400
    var run = FakeRun(count: 5000)
    run.otherGroups = groups
    var desk = Desk(run: run)
    desk.press("2R")
    #expect(desk.screen.contains("type 2400 and enter:     c canary: 5, the rest only if they"))
    desk.press("c")
    #expect(desk.submitted == [.retryGroup(FakeRun.lint, canary: 5, Overrides())])
    desk.press("R2400<enter>")
    #expect(desk.submitted == [.items(.retryAgain, .group(FakeRun.lint))])
  }

  @Test func `a canary under way is said in the panel and below`() {
    var desk = night()
    desk.press("2")
    desk.run.canaries = [
      CanaryFigures(
        signature: FakeRun.lint, name: "G-07", tried: 4, passed: 3, failed: 0, of: 5, rest: 26)
    ]
    desk.wait(.seconds(1))
    #expect(desk.canvas.line(10) == "   canary 3/5 passed, 26 wait for it")
    #expect(desk.canvas.line(22) == "G-07: canary 3/5 passed, 26 wait for it")
    desk.press("R")
    #expect(desk.screen.contains("already under way: canary 3/5 passed, 26 wait for it"))
    desk.press("n")
    desk.run.canaries[0].failed = 1
    desk.wait(.seconds(6))
    #expect(desk.canvas.line(22) == "G-07: canary 3/5 passed, 1 failed, 26 stay failed")
  }

  @Test func `a group that is back is said once, loudly`() {
    var groups = FakeRun.night
    groups[1].isReopened = false
    var run = FakeRun(count: 1000)
    run.otherGroups = groups
    var desk = Desk(run: run)
    #expect(desk.canvas.line(22) == "")
    desk.run.otherGroups = FakeRun.night
    desk.wait(.seconds(1))
    #expect(desk.canvas.line(22) == "G-08 REOPENED: exit 1: no module <name>")
    #expect(desk.model.toast?.isError == true)
    desk.wait(.seconds(6))
    #expect(desk.canvas.line(22) == "")
  }

  @Test func `a trend needs more than a single failure`() {
    func word(_ recent: [Int]) -> Bool {
      var groups = FakeRun.night
      groups[0].recent = recent
      var run = FakeRun(count: 1000)
      run.otherGroups = groups
      var desk = Desk(run: run)
      desk.press("2")
      return desk.canvas.line(5).contains("rising")
    }
    #expect(!word([0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1]))
    #expect(!word([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 3]))
    #expect(word([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3]))
  }
}

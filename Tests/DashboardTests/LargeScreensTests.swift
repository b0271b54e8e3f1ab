// Large screens: queue and failures at the left, the item at the right, charts below.

import BatchModel
import Canvas
import Dashboard
import Testing

@Suite struct LargeScreensTests {
  @Test func `120×40 shows all panels side by side`() {
    let desk = Desk(120, 40)
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
           queued Sources/File27.swift          review    -  2:12                 │ 02:13:36 step 26 of item 1
        ─ 2 Failures 4 ────────────────────────────────── 2 groups, $0.06 wasted ─┤ 02:13:37 step 27 of item 1
           GROUP COUNT  LAST  TREND           COST  WHAT                          │ 02:13:38 step 28 of item 1
         ▸ G-07      3  0:12      ▃▅ rising   0.06  check lint: <n>:<n> line too …│ 02:13:39 step 29 of item 1
           G-08      1 11:40     ▃   quiet       -  exit 1: no module <name>      │ 02:13:40 step 30 of item 1
           to do: read what the check says, then edit or retry · for example Sour…│ failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  space mark  enter open  tab panel  2 failures  R retry  P pause  C cap  Q stop  q detach
        """)
  }

  @Test func `200×60 adds the charts`() {
    let desk = Desk(200, 60)
    #expect(
      desk.screen == """
        document-modules RUNNING ███████████████▏░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892   wait 2   run 2   done 100   skip 0   FAIL 4   slots 2/8

        ─[1 Queue]──────────────────────────────────────────────────────────────────────────────────── 1,000 items · trouble first ─┬─ 3 Item ────────────────────────── tries receipts prompt answer diff why ─
           STATE  ITEM                                                     STEP    TRY   FOR  NOTE                                  │ Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 2 others
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
           queued Sources/File38.swift                                     write     -  3:12                                        │ 02:13:36 step 26 of item 1
        ─ 2 Failures 4 ──────────────────────────────────────────────────────────────────────────────────── 2 groups, $0.06 wasted ─┤ 02:13:37 step 27 of item 1
           GROUP COUNT  FIRST  LAST  TREND                 COST  WHAT                                   WHAT TO DO                  │ 02:13:38 step 28 of item 1
         ▸ G-07      3  15:00  0:12            ▃▅ rising   0.06  check lint: <n>:<n> line too long      read what the check says, t…│ 02:13:39 step 29 of item 1
           G-08      1  11:40 11:40           ▃   quiet       -  exit 1: no module <name>               retry                       │ 02:13:40 step 30 of item 1
           for example Sources/Auth/Token.swift                                                                                     │ failed: <<U+202E>gnp.exe^[]0;x^G
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

  @Test func `a long message and what to do about it keep a gap`() {
    var desk = Desk(200, 60)
    var snapshot = desk.run.snapshot(at: desk.model.now)
    snapshot.groups[0].signature = Signature(
      text: "exit 1: " + String(repeating: "every word counts ", count: 8))
    desk.send(.snapshot(snapshot))
    #expect(
      desk.canvas.line(46).prefix(124)
        == " ▸ G-07      3  15:00  0:12            ▃▅ rising   0.06  exit 1: every word counts every word…"
        + "  retry                       ")
  }

  @Test func `charts stand still with a frozen display, and have gone on when it thaws`() {
    var desk = Desk(200, 60)
    for _ in 0..<3 { desk.wait(.seconds(2)) }
    desk.press("z")
    let frozen = desk.screen
    for _ in 0..<3 { desk.wait(.seconds(2)) }
    #expect(desk.screen == frozen)
    desk.press("z")
    #expect(desk.canvas.line(49).contains("0 in the last 0:12"))
  }

  @Test func `without an engine the charts say so`() {
    var run = FakeRun(count: 1000)
    run.hasEngine = false
    var desk = Desk(200, 60, run: run)
    for _ in 0..<3 { desk.wait(.seconds(2)) }
    #expect(desk.canvas.line(50).hasPrefix(" no engine works on this run"))
  }

  @Test func `a chart says that it has nothing yet, and is drawn from the second sample on`() {
    var desk = Desk(200, 60)
    let words = "nothing to draw yet: it is measured every 2 s while this screen is open"
    #expect(desk.canvas.line(50).hasPrefix(" " + words))
    desk.wait(.seconds(2))
    #expect(desk.screen.contains(words))
    desk.wait(.seconds(2))
    desk.wait(.seconds(2))
    #expect(!desk.screen.contains(words))
    #expect(desk.canvas[57, 98].glyph.scalar == "█", "the newest sample of the speed")
    #expect(desk.canvas.line(49).contains("0 in the last 0:0"))
  }
}

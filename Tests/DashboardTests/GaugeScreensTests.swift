// The gauges in every layout.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct GaugeScreensTests {
  private func desk(_ columns: Int, _ rows: Int) -> Desk {
    var run = FakeRun(count: 1000)
    run.hasCalls = true
    var desk = Desk(columns, rows, run: run)
    for message in FakeCalls.news() { desk.send(message) }
    return desk
  }

  @Test func `80×24 names every panel that has something to tell`() {
    let desk = desk(80, 24)
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8
        spent $214.00 of $500.00, ~$2057.70 at the end +$6.00 in flight  anthropic 14/16
        ▲ openai breaker OPEN, probe 0:41, 612 wait
        ─[1 Queue] 2 Fail  4 Brk!  5 Wait  6 Cost  7 Sync  8 Doc ─ 1,000 items · troub…─
           STATE  ITEM                      STEP    TRY   FOR   COST  NOTE
         ▸ FAIL   Sources/Auth/Token.swift  write     4  0:12  0.019  G-07 14:81 line t…
           FAIL   Sources/…t/Pool.swift (2) review    4  1:12  0.019  G-07 14:81 line t…
           FAIL   Sources/Net/Dial.swift    write     4  2:12  0.019  G-07 14:81 line t…
           FAIL   docs/日本語/概要.md       review    4  3:12  0.019  G-08 14:81 line t…
           wait   a^[[2J^Jb                 write     2  4:12      -  retry in 0:22  ex…
           wait   gnp<U+202E>exe.swift      review    2  0:12      -  retry in 0:23  ex…
           run    Sources/Auth/Login.swift  write     1  1:12      -
           run    Sources/Auth/Key.swift    review    1  2:12      -
        ─ 3 Item ─ following, 120 dropped  [log] tries receipts prompt answer diff why ─
         Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 2 others
         02:13:36 step 26 of item 1
         02:13:37 step 27 of item 1
         02:13:38 step 28 of item 1
         02:13:39 step 29 of item 1
         02:13:40 step 30 of item 1
         failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  space mark  2 failures  R retry  P pause  q detach
        """)
  }

  /// The upper panel at 80×24 after its number was pressed.
  private func list(of number: Int) -> String {
    var desk = desk(80, 24)
    desk.press("\(number)")
    return desk.canvas.lines[4..<13].joined(separator: "\n")
  }

  @Test func `the breakers tell errors, trips, the probe and what they hold up`() {
    #expect(
      list(of: 4) == """
        ─ 1 Queue  2 Fail 4 [4 Brk 1!] 5 Wait 841  6 Cost 42%  7 Sync 12  8 Doc 2 ──────
         ▸ anthropic closed                                                       0% err
           openai    OPEN      probe 0:41  612 held                     3 trips  62% err






        """)
  }

  @Test func `the waits tell each limit, and what waits behind it`() {
    #expect(
      list(of: 5) == """
        ─ 1 Queue  2 Fail 4  4 Brk 1! [5 Wait 841] 6 Cost 42%  7 Sync 12  8 Doc 2 ──────
         ▸ anthropic rate limit 0:18                                            229 wait
                     requests      ██████████░░ 91%                         500 a minute
                     input tokens  ████████████ 100%                   in 0:18  229 wait
           openai    breaker 0:41                                               612 wait
                     concurrent    ░░░░░░░░░░░░ 0%                                0 of 8



        """)
  }

  @Test func `the cost is a bar of spent, held and free, and what it went to`() {
    #expect(
      list(of: 6) == """
        ─ 1 Queue  2 Fail 4  4 Brk 1!  5 Wait 841 [6 Cost 42%] 7 Sync 12  8 Doc 2 ──────
         ▸ ██████████████████████████████▒░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 42%
           $214.00 spent  $6.00 held  $280.00 free of $500.00
           nothing was spent in the last minutes
           model claude-sonnet-4-5                        38,000 calls  87M tok  $198.00
           model claude-haiku-4-5                          12,408 calls  29M tok  $16.00
           step write                                     41,000 calls  94M tok  $171.00
           step review                                      9,408 calls  22M tok  $43.00

        """)
  }

  @Test func `the sync tells what is cached, delivered, refused and lost`() {
    #expect(
      list(of: 7) == """
        ─ 1 Queue  2 Fail 4  4 Brk 1!  5 Wait 841  6 Cost 42% [7 Sync 12] 8 Doc 2 ──────
         ▸ 12 cached, 0:03 behind, next try in 0:09
           sink healthy  http://localhost:8053/events
           size ░░░░░░░░ 1.2 MB of 50 MB
           41,200 delivered  2 refused  0 lost




        """)
  }

  @Test func `the doctor tells the fix of the selected finding, and whether it is safe`() {
    #expect(
      list(of: 8) == """
        ─ 1 Queue  2 Fail  4 Brk!  5 Wait  6 Cost  7 Sync [8 Doc]──────────── 0:00 ago ─
         ▸ ▲ DISK_LOW  1.2 GB are left on the disk                               by hand
               /srv
               fix: free some space; footplate gc would free 3.4 GB
           ▲ ORPHANED_STAGING  31 folders of attempts that ended are left           safe




        """)
  }

  @Test func `120×40 has them under the lists`() {
    let desk = desk(120, 40)
    #expect(
      desk.screen == """
        document-modules RUNNING ██████▊░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892   wait 2   run 2   done 100   skip 0   FAIL 4   slots 2/8
        spent $214.00 of $500.00, ~$2057.70 at the end +$6.00 in flight   anthropic 14/16   openai 0/8
        ▲ openai breaker OPEN, probe 0:41, 612 wait  ▲ anthropic rate limit 0:18, 229 wait
        ─[1 Queue]────────────────────────────────── 1,000 items · trouble first ─┬─ 3 Item ────────── following  [log] 1 of 7 ─
           STATE  ITEM                     STEP    TRY   FOR   COST  NOTE         │ Sources/Auth/Token.swift FAIL at write, 4 t…
         ▸ FAIL   Sources/Auth/Token.swift write     4  0:12  0.019  G-07 14:81 l…│ 02:13:21 step 11 of item 1
           FAIL   Sources…t/Pool.swift (2) review    4  1:12  0.019  G-07 14:81 l…│ 02:13:22 step 12 of item 1
           FAIL   Sources/Net/Dial.swift   write     4  2:12  0.019  G-07 14:81 l…│ 02:13:23 step 13 of item 1
           FAIL   docs/日本語/概要.md      review    4  3:12  0.019  G-08 14:81 l…│ 02:13:24 step 14 of item 1
           wait   a^[[2J^Jb                write     2  4:12      -  retry in 0:22│ 02:13:25 step 15 of item 1
           wait   gnp<U+202E>exe.swift     review    2  0:12      -  retry in 0:23│ 02:13:26 step 16 of item 1
           run    Sources/Auth/Login.swift write     1  1:12      -               │ 02:13:27 step 17 of item 1
           run    Sources/Auth/Key.swift   review    1  2:12      -               │ 02:13:28 step 18 of item 1
           queued Sources/File8.swift      write     -  3:12      -               │ 02:13:29 step 19 of item 1
           queued Sources/File9.swift      review    -  4:12      -               │ 02:13:30 step 20 of item 1
           queued Sources/File10.swift     write     -  0:12      -               │ 02:13:31 step 21 of item 1
           queued Sources/File11.swift     review    -  1:12      -               │ 02:13:32 step 22 of item 1
           queued Sources/File12.swift     write     -  2:12      -               │ 02:13:33 step 23 of item 1
           queued Sources/File13.swift     review    -  3:12      -               │ 02:13:34 step 24 of item 1
           queued Sources/File14.swift     write     -  4:12      -               │ 02:13:35 step 25 of item 1
           queued Sources/File15.swift     review    -  0:12      -               │ 02:13:36 step 26 of item 1
        ─ 2 Failures 4 ────────────────────────────────── 2 groups, $0.06 wasted ─┤ 02:13:37 step 27 of item 1
           GROUP COUNT  LAST  TREND           COST  WHAT                          │ 02:13:38 step 28 of item 1
         ▸ G-07      3  0:12      ▃▅ rising   0.06  check lint: <n>:<n> line too …│ 02:13:39 step 29 of item 1
           G-08      1 11:40     ▃   quiet       -  exit 1: no module <name>      │ 02:13:40 step 30 of item 1
           to do: read what the check says, then edit or retry · for example Sour…│ failed: <<U+202E>gnp.exe^[]0;x^G
        ─ 4 Breakers 1! ───────────────────────┬─ 5 Waits 841 ────────────────────┴────┬─ 6 Cost 42% ───────────────────────────
           anthropic closed              0% err│   anthropic rate limit 0:18   229 wait│   █████████████▒░░░░░░░░░░░░░░░░░ 42%
           openai    OPEN      probe 0:41  612…│             requests      █████░ 91%  │   $214.00 spent  $6.00 held  $280.00 f…
                                               │             input tokens  ██████ 100% │   nothing was spent in the last minutes
                                               │   openai    breaker 0:41      612 wait│   model claude-sonnet-4-5       $198.00
                                               │             concurrent    ░░░░░░ 0%   │   model claude-haiku-4-5         $16.00
                                               │                                       │   step write           94M tok  $171.00
        ─ 7 Sync 12 ───────────────────────────┴───────────────────┬─ 8 Doctor 2 ──────┴───────────────────────────── 0:00 ago ─
           12 cached, 0:03 behind, next try in 0:09                │   ▲ DISK_LOW  1.2 GB are left on the disk           by hand
           sink healthy  http://localhost:8053/events              │   ▲ ORPHANED_STAGING  31 folders of attempts that ended ar…
           size ░░░░░░░░ 1.2 MB of 50 MB                           │

        ? help  : command  / filter  space mark  enter open  tab panel  2 failures  R retry  P pause  C cap  Q stop  q detach
        """)
  }

  @Test func `200×60 has them beside the item`() {
    let desk = desk(200, 60)
    #expect(
      desk.screen == """
        document-modules RUNNING ███████████████▏░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892   wait 2   run 2   done 100   skip 0   FAIL 4   slots 2/8
        spent $214.00 of $500.00, ~$2057.70 at the end +$6.00 in flight   anthropic 14/16 12,000,000 tok   openai 0/8 1 tok
        ▲ openai breaker OPEN, probe 0:41, 612 wait  ▲ anthropic rate limit 0:18, 229 wait
        ─[1 Queue]────────────────────────────────────────── 1,000 items · trouble first ─┬─ 3 Item ───────────────── tries receipts prompt answer diff why ─┬─ 4 Breakers 1! ──────────────────────────────────
           STATE  ITEM                        STEP    TRY   FOR   COST  NOTE              │ Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 2 oth…│   anthropic closed                         0% err
         ▸ FAIL   Sources/Auth/Token.swift    write     4  0:12  0.019  G-07 14:81 line t…│ 02:12:37 ██████ write #1 interrupted 0:12                        │   openai    OPEN      probe 0:41  612 held
           FAIL   Sources/Net/Pool.swift (2)  review    4  1:12  0.019  G-07 14:81 line t…│ 02:13:07 ██████ write #2 FAIL 0:12  $0.02  haiku-4.5             │
           FAIL   Sources/Net/Dial.swift      write     4  2:12  0.019  G-07 14:81 line t…│          exit 1: 14:81 too long                                  ├─ 5 Waits 841 ────────────────────────────────────
           FAIL   docs/日本語/概要.md         review    4  3:12  0.019  G-08 14:81 line t…│                                                                  │   anthropic rate limit 0:18              229 wait
           wait   a^[[2J^Jb                   write     2  4:12      -  retry in 0:22  ex…│                                                                  │             requests      █████░ 91% 500 a minute
           wait   gnp<U+202E>exe.swift        review    2  0:12      -  retry in 0:23  ex…│                                                                  │             input tokens  ██████ 100%    229 wait
           run    Sources/Auth/Login.swift    write     1  1:12      -                    │                                                                  │   openai    breaker 0:41                 612 wait
           run    Sources/Auth/Key.swift      review    1  2:12      -                    │                                                                  │             concurrent    ░░░░░░ 0%        0 of 8
           queued Sources/File8.swift         write     -  3:12      -                    │                                                                  │
           queued Sources/File9.swift         review    -  4:12      -                    │                                                                  ├─ 6 Cost 42% ─────────────────────────────────────
           queued Sources/File10.swift        write     -  0:12      -                    │                                                                  │   █████████████████▒░░░░░░░░░░░░░░░░░░░░░░░ 42%
           queued Sources/File11.swift        review    -  1:12      -                    │                                                                  │   $214.00 spent  $6.00 held  $280.00 free of $50…
           queued Sources/File12.swift        write     -  2:12      -                    │                                                                  │   nothing was spent in the last minutes
           queued Sources/File13.swift        review    -  3:12      -                    │                                                                  │   model claude-sonnet-4-5        87M tok  $198.00
           queued Sources/File14.swift        write     -  4:12      -                    │                                                                  │   model claude-haiku-4-5          29M tok  $16.00
           queued Sources/File15.swift        review    -  0:12      -                    │                                                                  │   step write       41,000 calls  94M tok  $171.00
           queued Sources/File16.swift        write     -  1:12      -                    ├─[log]─────────────────────────────────── following, 120 dropped ─┤   step review        9,408 calls  22M tok  $43.00
           queued Sources/File17.swift        review    -  2:12      -                    │ 02:13:16 step 6 of item 1                                        │
           queued Sources/File18.swift        write     -  3:12      -                    │ 02:13:17 step 7 of item 1                                        ├─ 7 Sync 12 ──────────────────────────────────────
           queued Sources/File19.swift        review    -  4:12      -                    │ 02:13:18 step 8 of item 1                                        │   12 cached, 0:03 behind, next try in 0:09
           queued Sources/File20.swift        write     -  0:12      -                    │ 02:13:19 step 9 of item 1                                        │   sink healthy  http://localhost:8053/events
           queued Sources/File21.swift        review    -  1:12      -                    │ 02:13:20 step 10 of item 1                                       │   size ░░░░░░░░ 1.2 MB of 50 MB
           queued Sources/File22.swift        write     -  2:12      -                    │ 02:13:21 step 11 of item 1                                       │   41,200 delivered  2 refused  0 lost
           queued Sources/File23.swift        review    -  3:12      -                    │ 02:13:22 step 12 of item 1                                       │
           queued Sources/File24.swift        write     -  4:12      -                    │ 02:13:23 step 13 of item 1                                       ├─ 8 Doctor 2 ────────────────────────── 0:00 ago ─
           queued Sources/File25.swift        review    -  0:12      -                    │ 02:13:24 step 14 of item 1                                       │   ▲ DISK_LOW  1.2 GB are left on the disk by hand
           queued Sources/File26.swift        write     -  1:12      -                    │ 02:13:25 step 15 of item 1                                       │   ▲ ORPHANED_STAGING  31 folders of attempts tha…
           queued Sources/File27.swift        review    -  2:12      -                    │ 02:13:26 step 16 of item 1                                       │
           queued Sources/File28.swift        write     -  3:12      -                    │ 02:13:27 step 17 of item 1                                       │
           queued Sources/File29.swift        review    -  4:12      -                    │ 02:13:28 step 18 of item 1                                       │
           queued Sources/File30.swift        write     -  0:12      -                    │ 02:13:29 step 19 of item 1                                       │
           queued Sources/File31.swift        review    -  1:12      -                    │ 02:13:30 step 20 of item 1                                       │
           queued Sources/File32.swift        write     -  2:12      -                    │ 02:13:31 step 21 of item 1                                       │
           queued Sources/File33.swift        review    -  3:12      -                    │ 02:13:32 step 22 of item 1                                       │
           queued Sources/File34.swift        write     -  4:12      -                    │ 02:13:33 step 23 of item 1                                       │
           queued Sources/File35.swift        review    -  0:12      -                    │ 02:13:34 step 24 of item 1                                       │
           queued Sources/File36.swift        write     -  1:12      -                    │ 02:13:35 step 25 of item 1                                       │
           queued Sources/File37.swift        review    -  2:12      -                    │ 02:13:36 step 26 of item 1                                       │
        ─ 2 Failures 4 ────────────────────────────────────────── 2 groups, $0.06 wasted ─┤ 02:13:37 step 27 of item 1                                       │
           GROUP COUNT  LAST  TREND           COST  WHAT                                  │ 02:13:38 step 28 of item 1                                       │
         ▸ G-07      3  0:12      ▃▅ rising   0.06  check lint: <n>:<n> line too long     │ 02:13:39 step 29 of item 1                                       │
           G-08      1 11:40     ▃   quiet       -  exit 1: no module <name>              │ 02:13:40 step 30 of item 1                                       │
           to do: read what the check says, then edit or retry · for example Sources/Auth…│ failed: <<U+202E>gnp.exe^[]0;x^G                                 │
        ─ Speed ───────────────────────────────── 38/s now, 38/s at most ─┬─ Failures ────┴──────────────────────────────────────────────────┬─ Cost ────────┴──────────────────────────────────────────────────
         nothing to draw yet: it is measured every 2 s while this screen …│ nothing to draw yet: it is measured every 2 s while this screen …│ nothing to draw yet: it is measured every 2 s while this screen …
                                                                          │                                                                  │
                                                                          │                                                                  │
                                                                          │                                                                  │
                                                                          │                                                                  │
                                                                          │                                                                  │
                                                                          │                                                                  │
                                                                          │                                                                  │

        ? help  : command  / filter  space mark  enter open  tab panel  2 failures  R retry  S skip  X cancel  F retry failed  P pause  C cap  E edit  A actions  D fix  U take back  Q stop  t past  q detach
        """)
  }
}

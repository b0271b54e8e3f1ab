// The whole screen at 80×24: keystrokes, then what a person sees.

import Testing

@Suite struct Screens80Tests {
  @Test func `the queue stands over the selected item and its log`() {
    let desk = Desk()
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─[1 Queue] 2 Failures 4 ────────────────────────── 1,000 items · trouble first ─
           STATE  ITEM                           STEP    TRY   FOR  NOTE
         ▸ FAIL   Sources/Auth/Token.swift       write     4  0:12  G-07 14:81 line too…
           FAIL   Sources/Net/Pool.swift (2)     review    4  1:12  G-07 14:81 line too…
           FAIL   Sources/Net/Dial.swift         write     4  2:12  G-07 14:81 line too…
           FAIL   docs/日本語/概要.md            review    4  3:12  G-08 14:81 line too…
           wait   a^[[2J^Jb                      write     2  4:12  retry in 0:22  exit…
           wait   gnp<U+202E>exe.swift           review    2  0:12  retry in 0:23  exit…
           run    Sources/Auth/Login.swift       write     1  1:12
           run    Sources/Auth/Key.swift         review    1  2:12
           queued Sources/File8.swift            write     -  3:12
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

  @Test func `the failures take the place of the queue`() {
    var desk = Desk()
    desk.press("2")
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─ 1 Queue [2 Failures 4]─────────────────────────────── 2 groups, $0.06 wasted ─
           GROUP COUNT  LAST  TREND           COST  WHAT
         ▸ G-07      3  0:12      ▃▅ rising   0.06  check lint: <n>:<n> line too long
           G-08      1 11:40     ▃   quiet       -  exit 1: no module <name>





           to do: read what the check says, then edit or retry
           for example Sources/Auth/Token.swift
        ─ 3 Item ─ following, 120 dropped  [log] tries receipts prompt answer diff why ─
         Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 2 others
         02:13:36 step 26 of item 1
         02:13:37 step 27 of item 1
         02:13:38 step 28 of item 1
         02:13:39 step 29 of item 1
         02:13:40 step 30 of item 1
         failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  enter open  R retry  S skip  P pause  q detach
        """)
  }

  @Test func `enter looks at the item, l turns to its receipts`() {
    var desk = Desk()
    desk.press("jjj<enter>ll")
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─ 1 Queue  2 Failures 4 ────────────────────────── 1,000 items · trouble first ─
           STATE  ITEM                           STEP    TRY   FOR  NOTE
           FAIL   Sources/Auth/Token.swift       write     4  0:12  G-07 14:81 line too…
           FAIL   Sources/Net/Pool.swift (2)     review    4  1:12  G-07 14:81 line too…
           FAIL   Sources/Net/Dial.swift         write     4  2:12  G-07 14:81 line too…
         ▸ FAIL   docs/日本語/概要.md            review    4  3:12  G-08 14:81 line too…
           wait   a^[[2J^Jb                      write     2  4:12  retry in 0:22  exit…
           wait   gnp<U+202E>exe.swift           review    2  0:12  retry in 0:23  exit…
        ─[3 Item]───────────────────────── log tries [receipts] prompt answer diff why ─
         docs/日本語/概要.md FAIL at review, 4 tries, G-08
         write  ik:49a3dfde27a7  attempt 1
           docs/Token.md  14 kB  ca978112ca1b
           ! lint: 3 warnings







        ? help  : command  / search  enter zoom  R retry  P pause  E edit  q detach
        """)
  }

  @Test func `enter on an item gives it the whole screen`() {
    var desk = Desk()
    desk.press("<enter>l<enter>")
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─ 1 Queue  2 Failures 4 [3 Item]── log [tries] receipts prompt answer diff why ─
         Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 2 others
         02:12:37 ██████ write #1 interrupted 0:12
         02:13:07 ██████ write #2 FAIL 0:12  $0.02  haiku-4.5
                  exit 1: 14:81 too long















        ? help  : command  / search  enter unzoom  R retry  P pause  E edit  q detach
        """)
  }

  @Test func `why an item ran is a tab of its own`() {
    var desk = Desk()
    desk.press("h")
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─[1 Queue] 2 Failures 4 ────────────────────────── 1,000 items · trouble first ─
           STATE  ITEM                           STEP    TRY   FOR  NOTE
         ▸ FAIL   Sources/Auth/Token.swift       write     4  0:12  G-07 14:81 line too…
           FAIL   Sources/Net/Pool.swift (2)     review    4  1:12  G-07 14:81 line too…
           FAIL   Sources/Net/Dial.swift         write     4  2:12  G-07 14:81 line too…
           FAIL   docs/日本語/概要.md            review    4  3:12  G-08 14:81 line too…
           wait   a^[[2J^Jb                      write     2  4:12  retry in 0:22  exit…
           wait   gnp<U+202E>exe.swift           review    2  0:12  retry in 0:23  exit…
           run    Sources/Auth/Login.swift       write     1  1:12
           run    Sources/Auth/Key.swift         review    1  2:12
           queued Sources/File8.swift            write     -  3:12
        ─ 3 Item ───────────────────────── log tries receipts prompt answer diff [why] ─
         Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 2 others
         write #1: new
         write #2: retry
         comes after Sources/Base.swift
         says: 14:81 line too long
         number 1
         path: Sources/Auth/Token.swift

        ? help  : command  / filter  space mark  2 failures  R retry  P pause  q detach
        """)
  }
}

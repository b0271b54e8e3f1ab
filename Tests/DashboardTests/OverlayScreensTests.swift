// What lies over the panels at 80×24: questions and help.

import BatchModel
import Testing

@Suite struct OverlayScreensTests {
  @Test func `several items are asked about, with samples, and No is the default`() {
    var desk = Desk()
    desk.press("vjjvR")
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─[1 Queue] 2 Failures 4 ─────────────── 3 marked · 1,000 items · trouble first ─
           STATE  ITEM                           STEP    TRY   FOR  NOTE
          ●FAIL   Sources/Auth/Token.swift       write     4  0:12  G-07 14:81 line too…
          ●FAIL   Sources/Net/Pool.swift (2)     review    4  1:12  G-07 14:81 line too…
         ▸●FAIL   Sources┌────────────────────────────────────────────┐7 14:81 line too…
           FAIL   docs/日│  Retry 3 items?                            │8 14:81 line too…
           wait   a^[[2J^│                                            │ry in 0:22  exit…
           wait   gnp<U+2│  Sources/Auth/Token.swift                  │ry in 0:23  exit…
           run    Sources│  Sources/Net/Pool.swift                    │
           run    Sources│  Sources/Net/Dial.swift                    │
           queued Sources│                                            │
        ─ 3 Item ─ follow│  y retry   [any other key: No]             │answer diff why ─
         Sources/Net/Dial└────────────────────────────────────────────┘ers
         02:13:36 step 26 of item 3
         02:13:37 step 27 of item 3
         02:13:38 step 28 of item 3
         02:13:39 step 29 of item 3
         02:13:40 step 30 of item 3
         failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  space mark  2 failures  R retry  P pause  q detach
        """)
  }

  @Test func `retrying everything names the groups`() {
    var desk = Desk()
    desk.press("F")
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─[1 Queue] 2 Failures 4 ────────────────────────── 1,000 items · trouble first ─
           STATE  ITEM                           STEP    TRY   FOR  NOTE
         ▸ FAIL   Sources/Auth/Token.swift       write     4  0:12  G-07 14:81 line too…
           FAIL   Sources/Net/Pool.swift (2)     review    4  1:12  G-07 14:81 line too…
           FAIL   Sou┌────────────────────────────────────────────────────┐:81 line too…
           FAIL   doc│  Retry all 4 failed items?                         │:81 line too…
           wait   a^[│                                                    │n 0:22  exit…
           wait   gnp│  G-07  3 items  check lint: <n>:<n> line too long  │n 0:23  exit…
           run    Sou│  G-08  1 item  exit 1: no module <name>            │
           run    Sou│  about $0.06 if each costs what it did             │
           queued Sou│                                                    │
        ─ 3 Item ─ fo│  y retry   [any other key: No]                     │er diff why ─
         Sources/Auth└────────────────────────────────────────────────────┘s
         02:13:36 step 26 of item 1
         02:13:37 step 27 of item 1
         02:13:38 step 28 of item 1
         02:13:39 step 29 of item 1
         02:13:40 step 30 of item 1
         failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  space mark  2 failures  R retry  P pause  q detach
        """)
  }

  @Test func `stopping says what happens to what runs`() {
    var desk = Desk()
    desk.press("Q")
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─[1 Queue] 2 Failures 4 ────────────────────────── 1,000 items · trouble first ─
           STATE  ITEM                           STEP    TRY   FOR  NOTE
         ▸ FAIL   Sources/Auth/Token.swift       write     4  0:12  G-07 14:81 line too…
           FAIL   Sources/Net/Pool.swift (2)     review    4  1:12  G-07 14:81 line too…
           FAIL   Sources/Net/Dial.swift         write     4  2:12  G-07 14:81 line too…
        ┌─────────────────────────────────────────────────────────────────────────────┐…
        │  Stop the run?                                                              │…
        │                                                                             │…
        │  2 items run now. Nothing finished is lost; `footplate run` goes on later.  │
        │                                                                             │
        │  y stop when they end   k kill them now   [any other key: No]               │
        └─────────────────────────────────────────────────────────────────────────────┘─
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

  @Test func `above a thousand items the count is typed`() {
    var run = FakeRun(count: 5000)
    run.state = .paused
    var desk = Desk(run: run)
    desk.press("*R50")
    #expect(
      desk.screen == """
        document-modules PAUSED ████▋░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 10%  live
        queued 4,492  wait 2  run 2  done 500  skip 0  FAIL 4  slots 2/8
         RUN PAUSED; P resumes
        ─[1 Queue] 2 Failures 4 ─────────── 5,000 marked · 5,000 items · trouble first ─
           STATE  ITEM                           STEP    TRY   FOR  NOTE
         ▸●FAIL   Sources/Auth/Token.swift       write     4  0:12  G-07 14:81 line too…
          ●FAIL   Sources┌────────────────────────────────────────────┐7 14:81 line too…
          ●FAIL   Sources│  Retry 5,000 items?                        │7 14:81 line too…
          ●FAIL   docs/日│                                            │8 14:81 line too…
          ●wait   a^[[2J^│  Sources/Auth/Token.swift                  │ry in 0:22  exit…
          ●wait   gnp<U+2│  Sources/Net/Pool.swift                    │ry in 0:23  exit…
          ●run    Sources│  Sources/Net/Dial.swift                    │
          ●run    Sources│  docs/日本語/概要.md                       │
          ●queued Sources│  a^[[2J^Jb                                 │
        ─ 3 Item ─ follow│  and 4,995 more                            │answer diff why ─
         Sources/Auth/Tok│                                            │thers
         02:13:36 step 26│  type 5000 and enter: 50    esc No         │
         02:13:37 step 27└────────────────────────────────────────────┘
         02:13:38 step 28 of item 1
         02:13:39 step 29 of item 1
         02:13:40 step 30 of item 1
         failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  space mark  2 failures  R retry  P resume  q detach
        """)
  }

  @Test func `the help is the key table`() {
    var desk = Desk()
    desk.press("?")
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        ┌─ Keys ───────────────────────────────────────────────────────────────────────┐
        │ move                                                                         │
        │   j down          next row or line                                           │
        │   k up            previous row or line                                       │
        │   Ctrl-D          half a page down                                           │
        │   Ctrl-U          half a page up                                             │
        │   pgdn Ctrl-F     a page down                                                │
        │   pgup Ctrl-B     a page up                                                  │
        │   g home          the first row or line                                      │
        │   G end           the last row or line                                       │
        │   h left          tab back: log, tries, receipts, prompt, answer, diff, why  │
        │   l right         next tab: log, tries, receipts, prompt, answer, diff, why  │
        │   tab             next panel                                                 │
        │   shift-tab       previous panel                                             │
        │   1               the queue                                                  │
        │   2               the failures by group                                      │
        │   3               the selected item and its log                              │
        │   4               the providers' breakers                                    │
        │   5               what is waited for, and until when                         │
        │   6               what it costs                                              │
        │ j k scroll, any other key closes                                             │
        └──────────────────────────────────────────────────────────────────────────────┘
        ? help  : command  / filter  space mark  2 failures  R retry  P pause  q detach
        """)
  }
}

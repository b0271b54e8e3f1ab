// Screens of other sizes and terminals: ASCII, narrow, one panel, one line.

import Canvas
import Testing

@Suite struct SmallScreensTests {
  @Test func `ASCII has other ornaments and the same words`() {
    var desk = Desk()
    desk.glyphs = .ascii
    desk.press("jj<space>")
    #expect(
      desk.screen == """
        document-modules RUNNING [##......................] 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        -[1 Queue] 2 Failures 4 --------------- 1 marked - 1,000 items - trouble first -
           STATE  ITEM                           STEP    TRY   FOR  NOTE
           FAIL   Sources/Auth/Token.swift       write     4  0:12  G-07 14:81 line too~
           FAIL   Sources/Net/Pool.swift (2)     review    4  1:12  G-07 14:81 line too~
          *FAIL   Sources/Net/Dial.swift         write     4  2:12  G-07 14:81 line too~
         > FAIL   docs/日本語/概要.md            review    4  3:12  G-08 14:81 line too~
           wait   a^[[2J^Jb                      write     2  4:12  retry in 0:22  exit~
           wait   gnp<U+202E>exe.swift           review    2  0:12  retry in 0:23  exit~
           run    Sources/Auth/Login.swift       write     1  1:12
           run    Sources/Auth/Key.swift         review    1  2:12
           queued Sources/File8.swift            write     -  3:12
        - 3 Item - following, 120 dropped  [log] tries receipts prompt answer diff why -
         docs/日本語/概要.md FAIL at review, 4 tries, G-08
         02:13:36 step 26 of item 4
         02:13:37 step 27 of item 4
         02:13:38 step 28 of item 4
         02:13:39 step 29 of item 4
         02:13:40 step 30 of item 4
         failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  space mark  2 failures  R retry  P pause  q detach
        """)
  }

  @Test func `seventy columns and sixteen rows keep both panels`() {
    let desk = Desk(70, 16)
    #expect(
      desk.screen == """
        document-modules RUNNING █▋░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─[1 Queue] 2 Failures 4 ──────────────── 1,000 items · trouble first ─
           STATE  ITEM                       STEP    TRY   FOR  NOTE
         ▸ FAIL   Sources/Auth/Token.swift   write     4  0:12  G-07 14:81 li…
           FAIL   Sources/Net/Pool.swift (2) review    4  1:12  G-07 14:81 li…
           FAIL   Sources/Net/Dial.swift     write     4  2:12  G-07 14:81 li…
           FAIL   docs/日本語/概要.md        review    4  3:12  G-08 14:81 li…
        ─ 3 Item ──── following  [log] tries receipts prompt answer diff why ─
         Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 2 others
         02:13:39 step 29 of item 1
         02:13:40 step 30 of item 1
         failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  2 failures  R retry  P pause  q detach
        """)
  }

  @Test func `under sixty columns one panel is left, without step, tries and note`() {
    let desk = Desk(50, 12)
    #expect(
      desk.screen == """
        do…dules RUNNING 10%  38/s  ends ~02:14       live

        ─[1 Queue] 2 Failures 4  3 Item ─ 1,000 items · …─
           STATE  ITEM                                 FOR
         ▸ FAIL   Sources/Auth/Token.swift            0:12
           FAIL   Sources/Net/Pool.swift (2)          1:12
           FAIL   Sources/Net/Dial.swift              2:12
           FAIL   docs/日本語/概要.md                 3:12
           wait   a^[[2J^Jb                           4:12
           wait   gnp<U+202E>exe.swift                0:12
           run    Sources/Auth/Login.swift            1:12
        ? help  : command  2 failures  R retry  q detach
        """)
  }

  @Test func `under thirty columns one line says it all`() {
    #expect(Desk(29, 7).canvas.lines[0] == "10% 4 FAIL 2 run 896 left")
    #expect(Desk(12, 1).canvas.lines[0] == "10% 4 FAIL")
  }

  @Test func `no size is refused`() {
    for columns in 0...12 {
      for rows in 0...10 {
        let desk = Desk(columns * 13, rows * 5)
        #expect(desk.canvas.size == Size(columns: columns * 13, rows: rows * 5))
      }
    }
  }
}

// Triage as a person does it: look into a group, judge a sample, leave a word, try again.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct TriageStoriesTests {
  @Test func `enter on a group opens its samples, with what varies marked`() {
    var desk = Desk()
    desk.press("2<enter>n")
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─ 1 Queue [2 Failures 4]────────────────────────────────── G-07, sample 2 of 3 ─
         Sources/Net/Pool.swift (2)
         FAIL at review, 4 tries, $0.02, 1:12 ago
         3:120 line too long





         to do: read what the check says, then edit or retry
         n N step  R retry it  enter all in the queue  esc groups
        ─ 3 Item ─ following, 120 dropped  [log] tries receipts prompt answer diff why ─
         Sources/Net/Pool.swift (2) FAIL at review, 4 tries, G-07 with 2 others
         02:13:36 step 26 of item 2
         02:13:37 step 27 of item 2
         02:13:38 step 28 of item 2
         02:13:39 step 29 of item 2
         02:13:40 step 30 of item 2
         failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  enter open  R retry  S skip  P pause  q detach
        """)
    // `3` and `120` vary, the words do not.
    let canvas = desk.canvas
    #expect(canvas[6, 1].style == Theme.mono[.match])
    #expect(canvas[6, 2].style == Theme.mono[.text])
    #expect((3..<6).allSatisfy { canvas[6, $0].style == Theme.mono[.match] })
    #expect(canvas[6, 7].style == Theme.mono[.text])
  }

  @Test func `120×40 shows a sample beside its item`() {
    var desk = Desk(120, 40)
    desk.press("2<enter>")
    #expect(
      desk.screen == """
        document-modules RUNNING ██████▊░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892   wait 2   run 2   done 100   skip 0   FAIL 4   slots 2/8

        ─ 1 Queue ────────────────────────────────── 1,000 items · trouble first ─┬─ 3 Item ──── tries rcpt prmt answ diff why ─
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
        ─[2 Failures 4]───────────────────────────────────── G-07, sample 1 of 3 ─┤ 02:13:31 step 21 of item 1
         Sources/Auth/Token.swift                                                 │ 02:13:32 step 22 of item 1
         FAIL at write, 4 tries, $0.02, 0:12 ago                                  │ 02:13:33 step 23 of item 1
         14:81 line too long                                                      │ 02:13:34 step 24 of item 1
                                                                                  │ 02:13:35 step 25 of item 1
                                                                                  │ 02:13:36 step 26 of item 1
                                                                                  │ 02:13:37 step 27 of item 1
                                                                                  │ 02:13:38 step 28 of item 1
                                                                                  │ 02:13:39 step 29 of item 1
         to do: read what the check says, then edit or retry                      │ 02:13:40 step 30 of item 1
         n N step  R retry it  enter all in the queue  esc groups                 │ failed: <<U+202E>gnp.exe^[]0;x^G

        ? help  : command  / filter  enter open  tab panel  R retry  S skip  X cancel  P pause  C cap  E edit  Q stop  q detach
        """)
  }

  @Test func `n and N step, the item follows, and esc goes back to where one was`() {
    var desk = Desk()
    desk.press("jjjjj2<enter>")
    #expect(desk.model.queue.selected == ItemID(1))
    #expect(desk.commands.contains(.followLog(ItemID(1))))
    desk.press("n")
    #expect(desk.model.queue.selected == ItemID(2))
    desk.press("nn")
    #expect(desk.canvas.line(22) == "this is the last sample; enter shows all of them")
    desk.press("N")
    #expect(desk.canvas.line(15).contains("Sources/Net/Pool.swift (2) FAIL"))
    desk.press("<esc>")
    #expect(desk.model.queue.selected == ItemID(6))
    #expect(desk.model.focus == .failures)
    #expect(desk.canvas.line(4).hasPrefix("   GROUP"))
  }

  @Test func `R on a sample retries that one, and the next takes its place`() {
    var desk = Desk()
    desk.press("2<enter>R")
    #expect(desk.submitted == [.items(.retryAgain, .ids([ItemID(1)]))])
    desk.run.moved[0] = .queued
    var groups = desk.run.groups
    groups[0].count = 2
    desk.run.otherGroups = groups
    desk.wait(.seconds(1))
    #expect(desk.model.failures.browsing?.selected == ItemID(2))
    desk.press("<enter>")
    #expect(desk.model.focus == .queue)
    #expect(desk.model.queue.filterText == "st:fail group:G-07")
  }

  @Test func `a hostile message and key do no harm`() {
    var desk = Desk()
    desk.press("2j<enter>")
    #expect(desk.canvas.line(6).hasPrefix(" no module 'Parser<U+202E>Kit^[[2J'"))
    // The quoted name is what the signature masks.
    #expect(desk.canvas[6, 11].style == Theme.mono[.match])
    #expect(desk.canvas[6, 5].style == Theme.mono[.text])
  }

  @Test(arguments: [
    ("check: <n>:<n> line too long", "14:81 line too long", ["14", "81"]),
    (
      "exit 1: no module <name> in <path>:<n>", "no module 'a b'  in /x/y:3",
      ["'a b'", "/x/y", "3"]
    ),
    ("exit 1: <item>: bad", "Sources/A.swift: bad", ["Sources/A.swift"]),
    ("exit 1: id <hex> gone", "id 0xBEEF-12 gone", ["0xBEEF-12"]),
    ("exit 1: quite another", "text", []),
    ("timeout", "anything", []),
    ("exit 1: at <item>", "at the end\u{202E}", ["the end\u{202E}"]),
  ])
  func `the parts that vary are what the signature masks`(
    signature: String, message: String, varying: [String]
  ) {
    let pieces = VaryingParts.split(message, by: Signature(text: signature))
    #expect(pieces.filter(\.varies).map(\.text) == varying)
    #expect(pieces.map(\.text).joined() == message)
  }

  @Test func `a group is skipped with a reason`() {
    var desk = Desk()
    desk.press("2Snot ours<enter>y")
    #expect(desk.submitted == [.items(.skip(reason: "not ours"), .group(FakeRun.lint))])
  }

  @Test func `M leaves a note on the group, on a sample, on an item, and takes it away`() {
    var run = FakeRun(count: 1000)
    run.otherGroups = FakeRun.night
    run.remarks = [2: "half done"]
    var desk = Desk(run: run)
    desk.press("2M")
    #expect(desk.canvas.line(22).hasPrefix("note on G-07: the new rule; ask ana"))
    desk.press("<c-u>mine<enter>")
    #expect(desk.submitted == [.note(.group(FakeRun.lint), "mine")])
    desk.press("<enter>M<c-u>odd<enter>")
    #expect(desk.submitted == [.note(.item(ItemID(1)), "odd")])
    desk.press("1<esc>ggjj")
    #expect(desk.canvas.line(15).contains("  note: half"))
    desk.press("M<c-u><enter>")
    #expect(desk.submitted == [.note(.item(ItemID(3)), "")])
    desk.press("h")
    #expect(desk.canvas.line(16) == " note: half done")
  }

  @Test func `E edits, asks with what it costs, and retries from that step`() {
    var desk = Desk()
    desk.press("jjjjjjE")
    #expect(desk.canvas.line(22).hasPrefix("E edit: only what failed"))
    desk.press("ggE")
    #expect(desk.commands.contains(.edit(ItemID(1), step: 0, .prompt)))
    desk.send(.edited(ItemID(1), step: 0, prompt: "Be brief.\nBe right."))
    #expect(desk.screen.contains("Retry Sources/Auth/Token.swift with the changed prompt?"))
    #expect(desk.screen.contains("19 characters in 2 lines"))
    #expect(desk.screen.contains("about $0.02 if it costs what it did"))
    desk.press("y")
    let edited = Overrides(prompt: "Be brief.\nBe right.")
    #expect(
      desk.submitted == [.items(.retry(fromStep: 0, overrides: edited), .ids([ItemID(1)]))])
    let long = String(repeating: "x", count: Overrides.promptBytesMax + 1)
    desk.send(.edited(ItemID(1), step: 0, prompt: long))
    #expect(desk.model.overlay == nil)
  }

  @Test func `a refused candidate is a coloured diff, accepted or sent back`() {
    var run = FakeRun(count: 1000)
    run.held = [0]
    var desk = Desk(run: run)
    desk.press("3lY")
    #expect(desk.canvas.line(22) == "Y accept: the diff tab shows what there is to judge")
    desk.press("llll")
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─ 1 Queue  2 Failures 4 ────────────────────────── 1,000 items · trouble first ─
           STATE  ITEM                           STEP    TRY   FOR  NOTE
         ▸ FAIL   Sources/Auth/Token.swift       write     4  0:12  G-07 14:81 line too…
           FAIL   Sources/Net/Pool.swift (2)     review    4  1:12  G-07 14:81 line too…
           FAIL   Sources/Net/Dial.swift         write     4  2:12  G-07 14:81 line too…
           FAIL   docs/日本語/概要.md            review    4  3:12  G-08 14:81 line too…
           wait   a^[[2J^Jb                      write     2  4:12  retry in 0:22  exit…
           wait   gnp<U+202E>exe.swift           review    2  0:12  retry in 0:23  exit…
        ─[3 Item]───────────────────────── log tries receipts prompt answer [diff] why ─
         Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 2 others
         refused: check lint: 14:81 too long
         Y accept it   B send it back to write
         --- docs/Token.md
         +++ docs/Token.md
         @@ -1,2 +1,2 @@
          # Token
         -old ^[[2Jwords
         +new words


        ? help  : command  R retry  P pause  E edit  Y accept  B send back  q detach
        """)
    let canvas = desk.canvas
    #expect(canvas[15, 1].style == Theme.mono[.title])
    #expect(canvas[17, 1].style == Theme.mono[.muted])
    desk.press("Yy")
    #expect(
      desk.submitted == [
        .items(.accept(reason: "by hand", overwrite: false), .ids([ItemID(1)]))
      ])
    desk.press("B<enter>")
    #expect(desk.canvas.line(22).contains("the step has to be told what is wrong"))
    desk.press("too long<enter>")
    #expect(desk.submitted == [.items(.sendBack(feedback: "too long"), .ids([ItemID(1)]))])
    desk.press("1j")
    desk.press("Y")
    #expect(desk.canvas.line(22) == "Y accept: no candidate of it waits for a word")
    #expect(desk.submitted.isEmpty)
  }

  @Test(arguments: ["E", "M", "Y", "B"])
  func `read-only switches them off`(key: String) {
    var desk = Desk(isReadOnly: true)
    desk.press(key)
    #expect(desk.commands.isEmpty && desk.model.overlay == nil)
    #expect(desk.canvas.line(22).hasSuffix("attached with --read-only"))
  }
}

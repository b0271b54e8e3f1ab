// The small values: filters, logs, words, the editor, the key table.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct FilterSyntaxTests {
  private let groups = FakeRun(count: 10).groups
  private let steps = ["write", "review"]

  @Test(arguments: [
    ("", ItemFilter()),
    ("auth", ItemFilter(keyContains: "auth")),
    ("!auth", ItemFilter(keyContains: "auth", isInverted: true)),
    ("st:run|fail", ItemFilter(states: [.running, .failed])),
    ("st:FAILED", ItemFilter(states: [.failed])),
    ("st:w st:d", ItemFilter(states: [.done])),
    ("group:g-07 Net", ItemFilter(keyContains: "Net", signature: FakeRun.lint)),
    ("  st:fail   x ", ItemFilter(states: [.failed], keyContains: "x")),
    ("!", ItemFilter(isInverted: true)),
    ("step:rev", ItemFilter(step: 1)),
    ("st:d step:Write a.b", ItemFilter(states: [.done], keyContains: "a.b", step: 0)),
    ("good1[0-2]", ItemFilter(keyMatches: "good1[0-2]")),
    ("!^docs/", ItemFilter(keyMatches: "^docs/", isInverted: true)),
  ])
  func `words become a query`(text: String, filter: ItemFilter) throws {
    #expect(try FilterSyntax.parse(text, groups: groups, steps: steps) == filter)
  }

  @Test(arguments: [
    ("st:lost", FilterSyntax.Problem.unknownState("lost")),
    ("group:G-99", .unknownGroup("G-99")),
    ("step:x", .unknownStep("x", among: ["write", "review"])),
    ("a[", .noPattern("a[")),
    ("a+ b", .severalTexts),
    ("a b", .severalTexts),
  ])
  func `what cannot be asked is named`(text: String, problem: FilterSyntax.Problem) {
    #expect(throws: problem) { try FilterSyntax.parse(text, groups: groups, steps: steps) }
  }
}

@Suite struct LogTailTests {
  private func piece(_ range: Range<Int>, dropped: Int = 0) -> LogPiece {
    LogPiece(
      item: ItemID(1), isNewLog: false, lines: range.map { Array("line \($0)".utf8) },
      dropped: dropped)
  }

  @Test func `the ring is bounded, and what it drops is counted`() {
    var tail = LogTail()
    tail.follow(ItemID(1))
    for start in stride(from: 0, to: 20_000, by: 100) { tail.append(piece(start..<(start + 100))) }
    #expect(tail.lines.count <= LogTail.linesMax * 6 / 5)
    #expect(tail.lines.count + tail.dropped == 20_000)
    #expect(tail.lines.last == Array("line 19999".utf8))
  }

  @Test func `a gap drops what stood before it`() {
    var tail = LogTail()
    tail.follow(ItemID(1))
    tail.append(piece(0..<10))
    tail.append(piece(500..<510, dropped: 490))
    #expect(tail.lines.count == 10)
    #expect(tail.dropped == 500)
  }

  @Test func `a line that is looked at stays while others come and go`() {
    var tail = LogTail()
    tail.follow(ItemID(1))
    tail.append(piece(0..<5000))
    tail.scroll(by: -10, visible: 20)
    let before = tail.lines[tail.topIndex(visible: 20)]
    tail.append(piece(5000..<6500))
    #expect(tail.lines[tail.topIndex(visible: 20)] == before)
    #expect(!tail.isFollowing)
  }
}

@Suite struct WordingTests {
  @Test func `numbers, durations and times read well`() {
    #expect(
      [0, 999, 1000, 586_204, -1_234_567].map(Wording.count) == [
        "0", "999", "1,000", "586,204", "-1,234,567",
      ])
    let seconds = [0, 18, 242, 3599, 3600, 28_320, 36_000, 100 * 3600, 400 * 3600]
    #expect(
      seconds.map { Wording.duration(.seconds($0)) } == [
        "0:00", "0:18", "4:02", "59:59", "1h00m", "7h52m", "10h", "4d", "16d",
      ])
    #expect(Wording.duration(.seconds(-5)) == "0:00")
    #expect(Wording.clock(FakeRun.now, zone: Zone()) == "02:14:07")
    let kolkata = Zone(name: "IST", offset: .seconds(19_800))
    #expect(Wording.clock(FakeRun.now, zone: kolkata, seconds: false) == "07:44")
    #expect(Wording.clock(Instant(nanoseconds: -1), zone: Zone()) == "00:00:00")
  }

  @Test func `a share is a hundred percent only when nothing is left`() {
    #expect(Wording.percent(999_999, of: 1_000_000) == 99)
    #expect(Wording.percent(7, of: 7) == 100)
    #expect(Wording.percent(0, of: 0) == 0)
  }

  @Test func `a rate is given in what changes within a glance`() {
    #expect(
      [38.2, 5.25, 0.4, 0, .infinity, 1234].map(Wording.rate) == [
        "38/s", "5.3/s", "24/min", "0/s", "0/s", "1,234/s",
      ])
    #expect([999, 14_200, 3_400_000_000].map(Wording.bytes) == ["999 B", "14 kB", "3.4 GB"])
  }
}

@Suite struct BindingTableTests {
  @Test func `no key has two meanings in one panel`() {
    // The keys of the past go before the others, in the past alone.
    let times = [true, false].map { time in BindingTable.all.filter { $0.isOfPast == time } }
    for bindings in times {
      for panel in PanelID.allCases {
        let keys = bindings.filter { $0.applies(in: panel) }.flatMap(\.keys)
        #expect(Set(keys).count == keys.count)
      }
    }
  }

  @Test func `what changes the run is upper case, and nothing else is except G and N`() {
    for binding in BindingTable.all {
      for case .character(let scalar) in binding.keys where scalar.properties.isUppercase {
        #expect(binding.group == .act || scalar == "G" || scalar == "N")
      }
      guard binding.group == .act else { continue }
      #expect(binding.keys.count == 1)
      let isUpper =
        if case .character(let key) = binding.keys[0] {
          key.properties.isUppercase
        } else {
          false
        }
      #expect(isUpper, "\(binding.name) acts and sits on \(binding.keyNames)")
    }
  }

  @Test func `the documents' table has a row for every binding, and no broken cells`() {
    let rows = BindingTable.markdown.split(separator: "\n")
    #expect(rows.count == BindingTable.all.count + 2)
    let pause = "| act | `P` | pause-or-resume | pause the run, resume it, or start its engine |"
    #expect(rows.contains { $0 == pause })
    #expect(rows.contains("| move | `j` `down` | down | next row or line |"))
    #expect(rows.contains { $0.contains("st:run\\|fail") })
  }
}

@Suite struct LineEditorTests {
  @Test func `keys edit where the cursor is`() {
    var editor = LineEditor("abc")
    for key in [Key.left, .left, .character("X"), .backspace, .delete, .end, .character("ü")] {
      let isTaken = editor.take(key)
      #expect(isTaken)
    }
    #expect(editor.text == "acü")
    let isCleared = editor.take(.control("u"))
    let isEnterTaken = editor.take(.enter)
    #expect(isCleared && editor.text == "" && !isEnterTaken)
  }

  @Test func `a pasted book is cut`() {
    var editor = LineEditor()
    editor.paste(String(repeating: "x\n", count: 10_000))
    #expect(editor.text.count == LineEditor.lengthMax)
  }
}

// What a person is shown of two files, whatever they hold and are called.

import BatchModel
import Resilience
import Runtime
import Testing

@Suite struct DifferenceTests {
  private func difference(_ old: String?, _ new: String, path: String = "out/a") -> String {
    let compared = UnifiedDifference(
      from: old.map { Array($0.utf8) }, to: Array(new.utf8), path: path)
    guard case .text(let text) = compared else { return "\(compared)" }
    return text
  }

  @Test("Changed lines stand in unified hunks, below the names of both sides")
  func hunks() {
    #expect(
      difference("one\ntwo\n", "one\nthree\n")
        == """
        --- out/a (published)
        +++ out/a (candidate)
        @@ -1,2 +1,2 @@
         one
        -two
        +three

        """)
  }

  @Test("A new file is compared with nothing, and a last line without its end is told")
  func new() {
    #expect(
      difference(nil, "one")
        == """
        --- /dev/null
        +++ out/a (candidate)
        @@ -0,0 +1 @@
        +one
        \\ No newline at end of file

        """)
  }

  @Test("Equal bytes have no difference, and nothing is equal to an empty file")
  func same() {
    #expect(UnifiedDifference(from: [65], to: [65], path: "a") == .same)
    #expect(UnifiedDifference(from: nil, to: [], path: "a") == .same)
  }

  @Test("A file that is no text is not shown, on either side")
  func binary() {
    #expect(UnifiedDifference(from: [65, 0], to: [66], path: "a") == .binary)
    #expect(UnifiedDifference(from: nil, to: [66, 0], path: "a") == .binary)
  }

  @Test(
    "Names are only labels, however hostile", arguments: ["--help", "-x", "a\nb", "$(id)", "%s"])
  func names(path: String) {
    let text = difference("one\n", "two\n", path: path)
    #expect(text.hasPrefix("--- \(path) (published)\n+++ \(path) (candidate)\n@@ -1 +1 @@\n"))
    #expect(text.hasSuffix("-one\n+two\n"))
  }

  @Test(
    "A proposed command names the item as a shell takes it",
    arguments: [
      ("in/a.txt", "in/a.txt"), ("two words", "'two words'"), ("it's", "'it'\\''s'"),
      ("$(id)", "'$(id)'"), ("-x", "-- '-x'"), ("", "''"), ("ä", "'ä'"), ("#3", "'#3'"),
    ])
  func words(key: String, word: String) {
    let row = ItemRow(
      id: ItemID(1), ordinal: 1, key: key, occurrence: 1, state: .failed, step: 0, tries: 1,
      note: "", since: Instant(milliseconds: 0))
    #expect(row.shellWord == word)
  }
}

// Loops that must stop, work that must go on, and complaints that read the same.

import Resilience
import Testing

@Suite("A loop detector")
struct LoopDetectorTests {
  @Test(
    "stops what repeats, and nothing else",
    arguments: [
      ("AA", 2), ("ABB", 3), ("ABAB", 4), ("ABCAB", 5), ("XABCAB", 6), ("ABAC", nil),
      ("ABCDEF", nil), ("ABCDA", nil), ("ABCABC", 5), ("ABCDEFABCDEF", nil), ("ABA", nil),
    ] as [(String, Int?)])
  func patterns(feedback: String, vetoedIn round: Int?) throws {
    var detector = LoopDetector<String>()
    var vetoed: Int?
    for letter in feedback where vetoed == nil {
      detector = try afterCrash(detector)
      if case .veto = detector.observe(String(letter)) { vetoed = detector.rounds }
    }
    #expect(vetoed == round)
  }

  @Test("names the rounds that show it")
  func evidence() {
    var detector = LoopDetector<String>()
    for letter in ["U", "V", "W", "A", "B", "C", "A"] { _ = detector.observe(letter) }
    guard case .veto(let evidence) = detector.observe("B") else {
      Issue.record("A B C A B did not stop")
      return
    }
    #expect(evidence.pattern == .alternation)
    #expect(evidence.rounds == [4, 5, 7, 8])
    #expect(evidence.fingerprints == ["A", "B", "A", "B"])
  }
}

@Suite("Normalised feedback")
struct NormalisedFeedbackTests {
  @Test(
    "keeps what is said and drops what changes from run to run",
    arguments: [
      ("\u{1B}[31merror\u{1B}[0m: no  title\r\n", "error: no title"),
      ("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{7}", "link"),
      ("at 2026-01-31T07:05:09.123Z failed", "at <time> failed"),
      ("2026-01-31 07:05:09 failed", "<time> failed"),
      ("run 550e8400-e29b-41d4-a716-446655440000.", "run <uuid>."),
      ("in /tmp/work.Xy12/out.txt: bad", "in <path>: bad"),
      ("object (0x7ffee4c0) leaked", "object (<hex>) leaked"),
      ("took 12ms, then 1m30s and 3.4s", "took <duration>, then <duration> and <duration>"),
      ("line 12: expected 3 items", "line 12: expected 3 items"),
      ("docs/tmp/a.md is fine", "docs/tmp/a.md is fine"),
    ])
  func normalises(feedback: String, expected: String) {
    #expect(NormalisedFeedback(feedback).text == expected)
  }

  @Test("the same complaint of two steps is two complaints")
  func steps() {
    #expect(NormalisedFeedback("bad", step: "a") != NormalisedFeedback("bad", step: "b"))
  }

  @Test("reads megabytes of hostile text in one pass, whatever is in them")
  func hostile() {
    var random = SplitMix64(seed: 5)
    let bytes = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(NormalisedFeedback(text) == NormalisedFeedback(text))
    #expect(NormalisedFeedback(String(repeating: "\u{1B}[", count: 100_000)).text == "")
    #expect(NormalisedFeedback(String(repeating: "a", count: 100), bytesMax: 10).text.count == 10)
  }
}

// What a person is told to do about a failure.

import BatchModel
import Testing

@Suite("Suggested actions")
struct SuggestedActionTests {
  @Test(
    "A signature leads to what helps",
    arguments: [
      ("exit 1: no module <name>", .retry), ("exit 127: not found", .fixCommand),
      ("exit 1: 401 Unauthorized", .fixKey), ("timeout: after <n> s", .retryLonger),
      ("stall: no output for <n> s", .retryLonger),
      ("check: lint <n>:<n> line too long", .fixCheck),
      ("request: key-refused (<n>): invalid x-api-key", .fixKey),
      ("request: too-large (<n>): prompt is too long", .shorten),
      ("request: not-found (<n>): model: <name>", .fixModel),
      ("request: bad-request (<n>): temperature", .fixRequest),
      ("provider: overloaded (<n>)", .retryLater), ("refusal", .editPrompt),
      ("truncated", .raiseOutput), ("budget: <n>", .raiseItemCap), ("loop: same", .review),
      ("target-changed: <path>", .keepOrOverwrite), ("merge-conflict: <path>", .land),
      ("agent: insufficient_quota", .addCredit), ("disk-full", .freeDisk),
      ("from-the-future: x", .look), ("", .look), ("\u{202e}", .look),
    ] as [(String, SuggestedAction)])
  func actions(signature: String, expected: SuggestedAction) {
    #expect(SuggestedAction(for: Signature(text: signature)) == expected)
  }

  @Test(
    "Every class of failure has one, short enough for a column", arguments: Failure.Class.allCases)
  func classes(kind: Failure.Class) {
    let action = SuggestedAction(for: Signature(text: "\(kind.rawValue): x"))
    #expect(!action.sentence.isEmpty && action.sentence.count <= 50)
    #expect(action != .look || kind == .agentFinal)
  }
}

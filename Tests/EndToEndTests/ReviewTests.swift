// Candidates that a check or a review refused: looked at, sent back, accepted, and paid for once.

import Foundation
import Testing

/// `review --json`, as far as the tests look at it.
private struct ReviewRecord: Decodable {
  struct Candidate: Decodable {
    let path: String?
    let published: String?
    let changedByHand: Bool
    let comparison: String?
    let difference: String?
  }
  let item: String
  let step: String
  let kind: String
  let why: String
  let feedback: String?
  let candidates: [Candidate]
}

private struct ReceiptRecord: Decodable {
  struct Acceptance: Decodable {
    let by: String
    let reason: String
    let overruled: String
  }
  let item: String
  let step: String
  let accepted: Acceptance?
}

@Suite(.turn) struct ReviewTests {
  /// Writes what it is told in `feedback`; its check wants verbs.
  private func strict(_ more: String = "") throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [alpha, beta]}
      steps:
        - id: write
          run: "echo {{line}} >> \\"$COUNT\\"; printf 'one\\\\n%s\\\\n' {{feedback}}"
          output: "out/{{line}}.txt"
          checks: [{name: has-verbs, regex: verbs}]
      retry: {attempts: 1}
      \(more)
      """)
    return batch
  }

  @Test("A refused candidate is compared, sent back with words, and passes; another is accepted")
  func wholeStory() async throws {
    let batch = try strict()
    try batch.write("old\n", to: "out/alpha.txt")
    let first = try await batch.run(exits: 1)
    #expect(first.output.contains("rejected candidates wait for a review: footplate review"))
    #expect(batch.text("out/alpha.txt") == "old\n")
    #expect(!batch.exists("out/beta.txt"))

    let all: [ReviewRecord] = try await batch.footplate("review", "--json").records()
    #expect(all.map(\.item) == ["alpha", "beta"])
    #expect(all.map(\.kind) == ["check", "check"])
    #expect(all.allSatisfy { $0.why.hasPrefix("has-verbs: ") })
    let list = try await batch.footplate("review")
    #expect(list.status == 0)
    #expect(list.output.contains("write → out/beta.txt (new)"))
    #expect(list.lastLine == "2 to review: footplate review ITEM shows one")
    #expect(try await batch.footplate("failures").output.contains("footplate review"))
    #expect(try await batch.footplate("show", "beta").output.contains("footplate review beta"))

    let shown = try await batch.footplate("review", "alpha")
    #expect(
      shown.output.contains(
        """
        --- out/alpha.txt (published)
        +++ out/alpha.txt (candidate)
        @@ -1 +1,2 @@
        -old
        +one
        +

        """), "\(shown)")
    #expect(!shown.output.contains("\u{1B}"), "no colours where nobody sees them")

    let back = try await batch.footplate("review", "alpha", "--send-back", "use verbs, please")
    #expect(back.status == 0, "\(back)")
    #expect(back.output.contains("the next footplate run does it again"))
    try await batch.run(exits: 1)
    #expect(batch.text("out/alpha.txt") == "one\nuse verbs, please\n")
    #expect(batch.executions.sorted() == ["alpha", "alpha", "beta"])

    let accepted = try await batch.footplate(
      "review", "beta", "--accept", "--reason", "short is fine")
    #expect(accepted.output.contains("nothing runs again"), "\(accepted)")
    try await batch.run()
    #expect(batch.text("out/beta.txt") == "one\n\n")
    #expect(batch.executions.count == 3, "nothing was run for it")
    let receipts: [ReceiptRecord] = try await batch.footplate("receipts", "--json").records()
    let word = try #require(receipts.first { $0.item == "beta" }?.accepted)
    #expect(word.by == NSUserName())
    #expect(word.reason == "short is fine")
    #expect(word.overruled.hasPrefix("has-verbs: "))
    #expect(receipts.first { $0.item == "alpha" }?.accepted == nil)

    try await batch.run()
    #expect(batch.executions.count == 3, "a rerun does nothing")
    #expect(try await batch.footplate("review").lastLine == "nothing waits for a review")
    let nothing = try await batch.footplate("review", "beta", "--accept")
    #expect(nothing.status == 2)
    #expect(nothing.complaints.contains("beta is done: nothing of it waits for a review"))
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
    #expect(try await batch.footplate("verify").status == 0)
  }

  @Test("A running engine carries out both words, each once")
  func running() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [alpha, beta, slow]}
      steps:
        - id: write
          run: |
            echo {{line}} >> "$COUNT"
            test {{line}} != slow || while ! test -e "$COUNT.go"; do sleep 0.05; done
            echo {{line}} {{feedback}}
          output: "out/{{line}}.txt"
          checks: [{name: has-verbs, regex: 'verbs|slow'}]
      parallel: 2
      retry: {attempts: 1}
      """)
    try await batch.footplate("run", "--detach")
    try await batch.eventuallyStatus("two refused") { $0.items.failed == 2 }
    let accepted = try await batch.footplate("review", "alpha", "--accept")
    #expect(accepted.lastLine == "asked; footplate status shows it", "\(accepted)")
    try await batch.footplate("review", "beta", "--send-back", "use verbs")
    try await eventually("both are published") {
      batch.exists("out/alpha.txt") && batch.exists("out/beta.txt")
    }
    #expect(!batch.exists("out/slow.txt"), "the engine still runs")
    try await batch.tool("/bin/sh", ["-c", "touch \"$COUNT.go\""])
    let waited = try await batch.footplate("wait")
    #expect(waited.status == 0, "\(waited)")
    #expect(batch.text("out/alpha.txt") == "alpha \n")
    #expect(batch.text("out/beta.txt") == "beta use verbs\n")
    #expect(batch.executions.sorted() == ["alpha", "beta", "beta", "slow"])
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
  }

  @Test("What a review refused to its last round is accepted over it, and hostile bytes stay tame")
  func rounds() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [alpha]}
      steps:
        - {id: write, run: "echo write >> \\"$COUNT\\"; printf 'a\\\\tb\\\\033]0;x\\\\007\\\\n'", output: "out/{{line}}"}
        - id: judge
          run: 'echo judge >> "$COUNT"; echo "shorter, please"; exit 10'
          sends_back_to: write
          rounds: 1
        - {id: last, run: 'echo last >> "$COUNT"'}
      retry: {attempts: 1}
      """)
    try await batch.run(exits: 1)
    #expect(!batch.exists("out/alpha"))
    let shown = try await batch.footplate("review", "alpha")
    #expect(shown.output.contains("  rounds: judge still wants changes after 1 rounds"), "\(shown)")
    #expect(shown.output.contains("  | shorter, please"))
    #expect(shown.output.contains("+a\tb^[]0;x^G\n"))
    try await batch.footplate("review", "alpha", "--accept")
    try await batch.run()
    #expect(batch.text("out/alpha") == "a\tb\u{1B}]0;x\u{7}\n")
    #expect(batch.executions == ["write", "judge", "last"], "neither step runs again")
    let receipts: [ReceiptRecord] = try await batch.footplate("receipts", "--json").records()
    #expect(
      receipts.filter { $0.accepted != nil }.map(\.step).sorted() == ["judge", "write"])
    #expect(
      receipts.first { $0.step == "write" }?.accepted?.overruled
        == "judge still wants changes after 1 rounds")
  }

  @Test("A target that a person changed is overwritten by an acceptance only when it says so")
  func changedByHand() async throws {
    let batch = try BatchFolder()
    try batch.write("good 1\n", to: "in/a")
    try batch.define(
      """
      items: {glob: "in/*"}
      steps:
        - id: copy
          run: 'echo {{name}} >> "$COUNT"; cat {{path}}'
          output: "out/{{name}}"
          checks: [{name: good, regex: good}]
      retry: {attempts: 1}
      """)
    try await batch.run()
    try batch.write("bad 2\n", to: "in/a")
    try await batch.run(exits: 1)
    try batch.write("mine\n", to: "out/a")
    let review: ReviewRecord = try await batch.footplate("review", "in/a", "--json").document()
    #expect(review.candidates.first?.changedByHand == true)
    #expect(review.candidates.first?.difference?.contains("\n-mine\n+bad 2\n") == true)
    let refused = try await batch.footplate("review", "in/a", "--accept")
    #expect(refused.status == 2)
    #expect(refused.complaints.contains("out/a was changed by hand since its receipt"))
    #expect(try await batch.status().items.failed == 1)
    try await batch.footplate("review", "in/a", "--accept", "--force")
    try await batch.run()
    #expect(batch.text("out/a") == "bad 2\n")
    #expect(batch.executions == ["a", "a"])
    let kept = Files.tree(batch.path + "/.footplate/objects")
      .map { Files.text(batch.path + "/.footplate/objects/\($0)") }
    #expect(kept.contains("mine\n"), "the person's form is kept")
  }

  @Test("An acceptance that finds its target changed meanwhile is refused, and stays for review")
  func changedMeanwhile() async throws {
    let batch = try BatchFolder()
    try batch.write("good 1\n", to: "in/a")
    try batch.define(
      """
      items: {glob: "in/*"}
      steps:
        - {id: copy, run: 'cat {{path}}', output: "out/{{name}}", checks: [{name: good, regex: good}]}
      retry: {attempts: 1}
      """)
    try await batch.run()
    try batch.write("bad 2\n", to: "in/a")
    try await batch.run(exits: 1)
    try await batch.footplate("review", "in/a", "--accept")
    try batch.write("mine\n", to: "out/a")
    try await batch.run(exits: 1)
    #expect(batch.text("out/a") == "mine\n")
    let review: ReviewRecord = try await batch.footplate("review", "in/a", "--json").document()
    #expect(review.kind == "target-changed")
  }

  @Test("A wrong word is refused with the reason and what to do instead")
  func refusals() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [alpha]}
      steps: [{id: one, run: 'exit 3', output: out}]
      retry: {attempts: 1}
      """)
    try await batch.run(exits: 1)
    let none = try await batch.footplate("review", "alpha", "--accept")
    #expect(none.status == 2)
    #expect(none.complaints.contains("left no candidate that waits for a review"))
    #expect(none.complaints.contains("footplate retry alpha"))
    #expect(try await batch.footplate("review", "--accept").status == 2)
    let both = try await batch.footplate("review", "alpha", "--accept", "--send-back", "x")
    #expect(both.complaints.contains("one of them"))
    #expect(try await batch.footplate("review", "alpha", "--force").status == 2)
    let strict = try strict()
    try await strict.run(exits: 1)
    let empty = try await strict.footplate("review", "alpha", "--send-back", " ")
    #expect(empty.status == 2)
    #expect(empty.complaints.contains("needs words"))
    let long = String(repeating: "x", count: 17_000)
    let much = try await strict.footplate("review", "alpha", "--send-back", long)
    #expect(much.complaints.contains("17000 bytes are too many words"))
    let secret = "sk-" + String(repeating: "a1", count: 20)
    try await strict.footplate("review", "alpha", "--send-back", "not \(secret)")
    let ledger = try await strict.footplate("ledger", "--json")
    #expect(ledger.output.contains("sendBack"))
    #expect(!ledger.output.contains(secret))
  }
}

// The dashboard without a screen.

import BatchModel
import Dashboard
import Resilience
import Testing

@Suite struct PlainDialogueTests {
  private func dialogue(isReadOnly: Bool = false) -> PlainDialogue {
    var dialogue = PlainDialogue(now: FakeRun.now, zone: Zone(), isReadOnly: isReadOnly)
    _ = dialogue.take(.snapshot(FakeRun(count: 1000).snapshot()))
    return dialogue
  }

  @Test func `a line is a command of the palette, and an empty one says where the run stands`() {
    var dialogue = dialogue()
    let turn = dialogue.take(line: " pause ")
    #expect(turn.sentences == ["asked: pause"])
    #expect(turn.commands.filter { $0.isActing }.count == 1)
    #expect(
      dialogue.take(line: "").sentences == [
        "document-modules is RUNNING; 10 percent: 100 done, 4 failed, 2 running, 2 waiting, "
          + "ends about 02:14"
      ])
  }

  @Test func `a question is read out, and only its letters are a yes`() {
    var dialogue = dialogue()
    let question = dialogue.take(line: "retry-failed").sentences
    #expect(question.first == "Retry all 4 failed items?")
    #expect(question.last?.contains("anything else is No") == true)
    #expect(dialogue.take(line: "").sentences == ["nothing was done"])
    _ = dialogue.take(line: "retry-failed")
    let turn = dialogue.take(line: "y")
    guard case .submit(.items(.retry, .failed), _, _) = turn.commands.first else {
      Issue.record("asked for \(turn.commands)")
      return
    }
  }

  @Test func `the count of many items is typed as a line`() {
    var dialogue = PlainDialogue(now: FakeRun.now, zone: Zone(), isReadOnly: false)
    var snapshot = FakeRun(count: 9000).snapshot()
    snapshot.summary.counts.failed = 5000
    _ = dialogue.take(.snapshot(snapshot))
    #expect(dialogue.take(line: "F").sentences.last == "type 5000 for yes, anything else is No")
    #expect(dialogue.take(line: "5000").commands.count == 1)
  }

  @Test func `what is no command is said, and a list to choose from does not stay open`() {
    var dialogue = dialogue()
    #expect(dialogue.take(line: "puase").sentences == ["no command 'puase'; did you mean pause?"])
    _ = dialogue.take(line: "A")
    let commands = dialogue.take(line: "pause").commands
    #expect(commands.first == .noteTyped("pause"))
    #expect(commands.filter(\.isActing).count == 1)
    #expect(dialogue.take(line: "help").sentences.contains { $0.hasPrefix("cap ") })
  }

  @Test func `what needs a screen is said, with the command that does it here`() {
    var dialogue = PlainDialogue(now: FakeRun.now, zone: Zone(), isReadOnly: false)
    let run = FakeRun(count: 10)
    for case .fetchPage(let query) in dialogue.take(.snapshot(run.snapshot())).commands {
      _ = dialogue.take(.page(run.page(query), for: query))
    }
    for (line, words) in [("E", "--param NAME=VALUE"), ("o", "footplate logs"), ("w", "screen")] {
      let turn = dialogue.take(line: line)
      #expect(turn.sentences.contains { $0.contains(words) }, "\(line): \(turn.sentences)")
      #expect(turn.commands.allSatisfy { $0 == .markSeen })
    }
  }

  @Test func `read-only says so`() {
    var dialogue = dialogue(isReadOnly: true)
    let turn = dialogue.take(line: "pause")
    #expect(turn.commands.allSatisfy { !$0.isActing })
    #expect(turn.sentences.first?.contains("--read-only") == true)
  }
}

// The listening side alone: lines from any chunks, and what belongs to which attempt.

import BatchModel
import Testing

@testable import Executors

@Suite struct AgentConversationTests {
  private func hear(_ conversation: inout AgentConversation, _ text: String) -> String {
    Array(text.utf8).withUnsafeBytes { conversation.hear($0) }
  }

  @Test func `Lines are the same however the chunks are cut`() {
    let text = "{\"a\":1}\r\n\n  \nzwei Zeilen ü\nlast without end"
    let bytes = Array(text.utf8)
    for size in 1...bytes.count {
      var lines = AgentLines()
      var found: [AgentLines.Line] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        found += bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { lines.append($0) }
      }
      #expect(found == [.whole(Array("{\"a\":1}\r".utf8)), .whole(Array("zwei Zeilen ü".utf8))])
    }
  }

  @Test func `The longest line that is allowed is heard, one byte more is told once`() {
    func lines(_ count: Int) -> [AgentLines.Line] {
      var lines = AgentLines()
      let text = [UInt8](repeating: 97, count: count) + Array("\nok\n".utf8)
      return stride(from: 0, to: text.count, by: 65_536).flatMap { start in
        text[start..<min(start + 65_536, text.count)].withUnsafeBytes { lines.append($0) }
      }
    }
    let longest = AgentProtocol.lineBytesMax - 1
    let ok = AgentLines.Line.whole(Array("ok".utf8))
    #expect(lines(longest) == [.whole([UInt8](repeating: 97, count: longest)), ok])
    #expect(lines(longest + 1) == [.tooLong, ok])
    #expect(lines(longest * 5) == [.tooLong, ok])
  }

  @Test func `The first verdict counts, and what follows it changes nothing`() {
    var conversation = AgentConversation()
    conversation.turn = AgentTurn(AttemptID(7))
    _ = hear(
      &conversation,
      """
      {"type":"failed","attempt":7,"message":"no"}
      {"type":"result","attempt":7,"answer":"yes"}
      {"type":"event","attempt":7,"event":"artifact","path":"late"}

      """)
    #expect(
      conversation.turn?.verdict == .failed(AgentFailed(attempt: AttemptID(7), message: "no")))
    #expect(conversation.turn?.work.artifacts == [])
    #expect(!conversation.isSpoiled)
  }

  @Test func `An idle agent that says what is no message is not trusted with another attempt`() {
    var conversation = AgentConversation()
    #expect(hear(&conversation, "{\"type\":\"heartbeat\"}\n") == "")
    #expect(!conversation.isSpoiled)
    #expect(hear(&conversation, "Segmentation fault\n").contains("Segmentation fault"))
    #expect(conversation.isSpoiled)
  }

  @Test func `Nothing grows with an agent that names models and files without end`() {
    var turn = AgentTurn(AttemptID(1))
    for number in 1...5000 {
      turn.take(.event(AgentEvent(attempt: nil, kind: .artifact(path: "\(number)"))))
      turn.take(.event(AgentEvent(attempt: nil, kind: .usage(AgentUsage(model: "\(number)")))))
    }
    #expect(turn.work.artifacts.count == AgentTurn.artifactsMax)
    #expect(turn.work.usage.count == AgentTurn.modelsMax)
  }
}

// Replies as steps: what is whole, what comes in pieces, and where the pauses stand.

import Testing

@testable import MockProvider

@Suite("A planned reply's steps")
struct ReplyStepsTests {
  private static func reply(
    pause: Duration = .zero, _ pieces: [(pause: Duration, text: String)],
    ending: MockReply.Ending = .complete
  ) -> MockReply {
    var reply = MockReply()
    reply.pause = pause
    for piece in pieces { reply.say(piece.text.utf8, after: piece.pause) }
    reply.ending = ending
    return reply
  }

  @Test("have a length when the body comes at once, and none when it takes its time")
  func length() {
    let prompt = Self.reply([(.zero, "ab"), (.zero, "c")])
    #expect(prompt.steps == [.head(contentLength: 3), .piece(Array("abc".utf8)), .end])
    let slow = Self.reply([(.zero, "ab"), (.milliseconds(5), "c")])
    #expect(
      slow.steps == [
        .head(contentLength: nil), .piece(Array("ab".utf8)), .wait(.milliseconds(5)),
        .piece(Array("c".utf8)), .end,
      ])
  }

  @Test("wait before the head, also when nothing is said")
  func emptyBody() {
    let reply = Self.reply(pause: .seconds(1), [])
    #expect(reply.steps == [.wait(.seconds(1)), .head(contentLength: 0), .end])
  }

  @Test("end in a cut after its pause, with what was said before it and no length")
  func cut() {
    let reply = Self.reply([(.zero, "ab")], ending: .cut(after: .seconds(2)))
    #expect(
      reply.steps == [
        .head(contentLength: nil), .piece(Array("ab".utf8)), .wait(.seconds(2)), .cut,
      ])
  }

  @Test("leave out empty pieces, which would end the body, but not their pauses")
  func emptyPieces() {
    let reply = Self.reply([(.seconds(1), ""), (.seconds(1), "a")])
    #expect(
      reply.steps == [
        .head(contentLength: nil), .wait(.seconds(1)), .wait(.seconds(1)),
        .piece(Array("a".utf8)), .end,
      ])
  }
}

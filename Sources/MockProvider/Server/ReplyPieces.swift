// A planned reply as a body that takes its time: pauses between pieces, and an end that may be a cut.

import FlyingSocks

/// Runs once, when the last owner of a reply lets go of it: sent, cut or abandoned.
final class ReplyEnding: Sendable {
  private let action: @Sendable () -> Void
  init(_ action: @escaping @Sendable () -> Void) { self.action = action }
  deinit { action() }
}

/// The bytes of a reply, each piece after its pause.
struct ReplyPieces: AsyncBufferedSequence {
  typealias Element = UInt8

  /// The script wants the connection to go.
  struct Cut: Error {}

  let plan: MockReply
  let ending: ReplyEnding

  func makeAsyncIterator() -> Iterator { Iterator(plan: plan, ending: ending) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    let plan: MockReply
    let ending: ReplyEnding
    private var index = 0

    init(plan: MockReply, ending: ReplyEnding) {
      self.plan = plan
      self.ending = ending
    }

    mutating func next() async throws -> UInt8? {
      preconditionFailure("a reply is read by pieces")
    }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      // An empty chunk would end the body.
      while index < plan.pieces.count {
        let piece = plan.pieces[index]
        index += 1
        if piece.pause > .zero { try await Task.sleep(for: piece.pause) }
        if !piece.bytes.isEmpty { return piece.bytes }
      }
      guard case .cut(let pause) = plan.ending else { return nil }
      if pause > .zero { try await Task.sleep(for: pause) }
      throw Cut()
    }
  }
}

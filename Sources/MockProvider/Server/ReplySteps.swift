// A planned reply as what a connection does, one after the other: apart from the connection, so that
// it is a value.

/// What a connection does next for a reply.
enum ReplyStep: Hashable, Sendable {
  case wait(Duration)
  /// The status line and the headers; without a length the body comes in chunks.
  case head(contentLength: Int?)
  case piece([UInt8])
  /// The reply is whole.
  case end
  /// The connection goes, with what was said so far still delivered.
  case cut
}

extension MockReply {
  /// The reply in steps; nothing follows `end` or `cut`, one of which is the last.
  var steps: [ReplyStep] {
    // A body that comes at once needs no chunks.
    let isWhole = ending == .complete && pieces.allSatisfy { $0.pause == .zero }
    var steps = Self.wait(pause)
    steps.append(.head(contentLength: isWhole ? pieces.reduce(0) { $0 + $1.bytes.count } : nil))
    for piece in pieces {
      steps += Self.wait(piece.pause)
      // An empty chunk would end the body.
      if !piece.bytes.isEmpty { steps.append(.piece(piece.bytes)) }
    }
    guard case .cut(let pause) = ending else { return steps + [.end] }
    return steps + Self.wait(pause) + [.cut]
  }

  private static func wait(_ pause: Duration) -> [ReplyStep] {
    pause > .zero ? [.wait(pause)] : []
  }
}

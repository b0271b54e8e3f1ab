// What the server shall do about one request: a plan of bytes and pauses, without any clock.

/// A planned response.
package struct MockReply: Hashable, Sendable {
  /// A piece of the body, and the pause before it.
  package struct Piece: Hashable, Sendable {
    package var pause: Duration
    package var bytes: [UInt8]
  }

  /// What comes after the last piece.
  package enum Ending: Hashable, Sendable {
    case complete
    /// The connection goes, after so long.
    case cut(after: Duration)
  }

  package var status = 200
  package var headers: [(name: String, value: String)] = []
  /// Before the status line.
  package var pause = Duration.zero
  package var pieces: [Piece] = []
  package var ending = Ending.complete

  package static func == (left: MockReply, right: MockReply) -> Bool {
    left.status == right.status && left.pause == right.pause && left.pieces == right.pieces
      && left.ending == right.ending
      && left.headers.elementsEqual(right.headers) { $0.name == $1.name && $0.value == $1.value }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(status)
    hasher.combine(pieces)
  }

  /// The body without its pauses.
  package var body: [UInt8] { pieces.flatMap(\.bytes) }

  mutating func say(_ bytes: some Sequence<UInt8>, after pause: Duration = .zero) {
    if pause == .zero, !pieces.isEmpty {
      pieces[pieces.count - 1].bytes += bytes
    } else {
      pieces.append(Piece(pause: pause, bytes: Array(bytes)))
    }
  }
}

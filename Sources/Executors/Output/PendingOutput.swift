// Output that waits to be written, of which a flood leaves only the end.

/// Pieces of two streams in the order of arrival, bounded from the front.
struct PendingOutput {
  struct Piece {
    var stream: ProcessStream
    var bytes: [UInt8]
  }

  private static let pieceBytesMax = 64 * 1024
  private var pieces: [Piece] = []
  /// Pieces before this index are gone.
  private var first = 0
  private var byteCount = 0

  /// Adds bytes and returns how many had to go from the front for them.
  mutating func append(
    _ bytes: UnsafeRawBufferPointer, from stream: ProcessStream, bytesMax: Int
  ) -> Int {
    if let last = pieces.indices.last, last >= first, pieces[last].stream == stream,
      pieces[last].bytes.count + bytes.count <= Self.pieceBytesMax
    {
      pieces[last].bytes.append(contentsOf: bytes)
    } else {
      pieces.append(Piece(stream: stream, bytes: Array(bytes)))
    }
    byteCount += bytes.count
    return trim(to: bytesMax)
  }

  /// Everything that waits, oldest first.
  mutating func takeAll() -> ArraySlice<Piece> {
    defer {
      pieces.removeAll()
      first = 0
      byteCount = 0
    }
    return pieces[first...]
  }

  private mutating func trim(to bytesMax: Int) -> Int {
    var dropped = 0
    // The newest piece stays, so at most one piece more than the limit waits.
    while byteCount > bytesMax, first < pieces.count - 1 {
      dropped += pieces[first].bytes.count
      byteCount -= pieces[first].bytes.count
      pieces[first].bytes = []
      first += 1
    }
    if first > 64 {
      pieces.removeFirst(first)
      first = 0
    }
    return dropped
  }
}

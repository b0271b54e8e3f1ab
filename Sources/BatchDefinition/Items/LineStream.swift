// Lines out of bytes, without copying those that lie within one piece.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Splits a stream at its line feeds.
///
/// A carriage return before one and a byte order mark at the start are no part of a line.
struct LineStream: ~Copyable {
  enum Line {
    case text(ArraySlice<UInt8>)
    /// Longer than `RecordLimits.bytesMax`; its bytes were dropped.
    case tooLong
  }
  private var stream: ByteStream
  private var piece: [UInt8] = []
  private var position = 0
  /// The number of the line that `next` gave last, from 1.
  private(set) var number = 0

  init(_ stream: consuming ByteStream) { self.stream = stream }

  /// The next line.
  ///
  /// `nil` at the end. A last line without a line feed counts.
  mutating func next() throws(ItemSourceError) -> Line? {
    var carried: [UInt8] = []
    var isDropped = false
    while true {
      if position == piece.count {
        piece = try stream.next()
        position = 0
        if piece.isEmpty {
          guard !carried.isEmpty || isDropped else { return nil }
          return finish(carried[...], isDropped)
        }
      }
      let end = lineFeed()
      let part = piece[position..<(end ?? piece.count)]
      position = end.map { $0 + 1 } ?? piece.count
      if end != nil, carried.isEmpty, !isDropped { return finish(part, false) }
      isDropped = isDropped || carried.count + part.count > RecordLimits.bytesMax
      if isDropped { carried = [] } else { carried += part }
      if end != nil { return finish(carried[...], isDropped) }
    }
  }

  private mutating func finish(_ line: ArraySlice<UInt8>, _ isDropped: Bool) -> Line {
    number += 1
    guard !isDropped else { return .tooLong }
    var line = line
    if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
    return .text(line)
  }

  private func lineFeed() -> Int? {
    piece.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress,
        let found = memchr(base + position, 10, bytes.count - position)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}

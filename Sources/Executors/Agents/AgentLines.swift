// An agent's output cut into lines, none of which may fill the memory.

import BatchModel

/// Lines from chunks.
struct AgentLines {
  enum Line: Equatable {
    /// Without its newline.
    case whole([UInt8])
    /// Longer than the protocol allows; told once, when the limit is passed.
    case tooLong
  }

  private var rest: [UInt8] = []
  private var isSkipping = false

  /// The lines that end in the chunk, in order; blank ones are left out.
  mutating func append(_ chunk: UnsafeRawBufferPointer) -> [Line] {
    var lines: [Line] = []
    var unread = chunk[...]
    while let newline = unread.firstIndex(of: 10) {
      add(unread[..<newline], to: &lines)
      finishLine(into: &lines)
      unread = unread[(newline + 1)...]
    }
    add(unread, to: &lines)
    return lines
  }

  private mutating func add(
    _ bytes: Slice<UnsafeRawBufferPointer>, to lines: inout [Line]
  ) {
    guard !isSkipping else { return }
    // The newline counts too.
    if rest.count + bytes.count >= AgentProtocol.lineBytesMax {
      rest.removeAll()
      isSkipping = true
      lines.append(.tooLong)
    } else {
      rest.append(contentsOf: bytes)
    }
  }

  private mutating func finishLine(into lines: inout [Line]) {
    if !isSkipping, rest.contains(where: { $0 != 32 && !(9...13).contains($0) }) {
      lines.append(.whole(rest))
    }
    rest.removeAll(keepingCapacity: true)
    isSkipping = false
  }
}

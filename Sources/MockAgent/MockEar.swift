// The mock agent's input: lines, and waiting that a line can end.

import Glibc

/// Reads lines from a descriptor.
struct MockEar {
  enum Wait { case over, cancelled }

  private let input: Int32
  private var rest: [UInt8] = []
  private var waiting: [[UInt8]] = []
  private var isAtEnd = false

  init(_ input: Int32) { self.input = input }

  /// The next line without its newline; `nil` at the end.
  mutating func nextLine() -> [UInt8]? {
    while waiting.isEmpty, !isAtEnd { fill(for: -1) }
    return waiting.isEmpty ? nil : waiting.removeFirst()
  }

  /// Waits, for ever without a time, unless a line comes that ends it.
  ///
  /// Other lines stay for `nextLine`; the end of the input does not end it.
  mutating func wait(_ milliseconds: Int64?, isEnd: ([UInt8]) -> Bool) -> Wait {
    let deadline = milliseconds.map { Self.now() + $0 }
    while true {
      if let index = waiting.firstIndex(where: isEnd) {
        waiting.remove(at: index)
        return .cancelled
      }
      let left = deadline.map { $0 - Self.now() }
      if let left, left <= 0 { return .over }
      fill(for: Int32(min(left ?? 60_000, 60_000)))
    }
  }

  /// Reads what comes within so many milliseconds; -1 waits for it.
  private mutating func fill(for milliseconds: Int32) {
    // At the end only the time is left to wait for: poll then watches nothing.
    var descriptor = pollfd(fd: isAtEnd ? -1 : input, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, milliseconds) > 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    let count = buffer.withUnsafeMutableBytes { read(input, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { return }
    guard count > 0 else { return isAtEnd = true }
    rest += buffer[..<count]
    while let newline = rest.firstIndex(of: 10) {
      waiting.append(Array(rest[..<newline]))
      rest.removeSubrange(...newline)
    }
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

// Whether a request has left: what decides if its call may have been billed.

import Synchronization

/// Set when a request's body is handed to a connection.
final class SentMark: Sendable {
  private let flag = Atomic(false)
  var isSet: Bool { flag.load(ordering: .acquiring) }
  func set() { flag.store(true, ordering: .releasing) }
}

/// A request's body that marks its own sending.
///
/// The HTTP client asks a collection for its bytes when the head has been written to a connection
/// that is ready, encryption included, and not before. A provider that got no byte of the body has
/// nothing to bill; from the first byte on it may have got all of them.
struct MarkedBody: RandomAccessCollection, Sendable {
  let bytes: [UInt8]
  let mark: SentMark

  var startIndex: Int { bytes.startIndex }
  var endIndex: Int { bytes.endIndex }

  subscript(index: Int) -> UInt8 {
    mark.set()
    return bytes[index]
  }

  func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    mark.set()
    return try bytes.withContiguousStorageIfAvailable(body)
  }
}

// Objects in memory: the store's only neighbour, small and exact.

import BatchModel
import Synchronization

/// Keeps objects in a dictionary.
final class MemoryObjects: ObjectStoring {
  struct Missing: Error {
    var digest: Digest
  }

  private let kept = Mutex<[Digest: [UInt8]]>([:])

  func put(_ bytes: [UInt8]) throws -> SealedObject {
    let digest = Digest(of: bytes)
    kept.withLock { $0[digest] = bytes }
    return SealedObject(digest: digest, sizeBytes: Int64(bytes.count))
  }

  func bytes(of digest: Digest) throws -> [UInt8] {
    guard let bytes = kept.withLock({ $0[digest] }) else { throw Missing(digest: digest) }
    return bytes
  }

  func remove(_ digest: Digest) { kept.withLock { $0[digest] = nil } }

  var count: Int { kept.withLock(\.count) }
}

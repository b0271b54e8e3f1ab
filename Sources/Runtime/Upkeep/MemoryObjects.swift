// Objects that live as long as a trial in memory.

import BatchModel
import Synchronization

/// Keeps bytes by digest.
final class MemoryObjects: ObjectStoring {
  struct Missing: Error {}
  private let objects = Mutex<[Digest: [UInt8]]>([:])

  func put(_ bytes: [UInt8]) throws -> SealedObject {
    let digest = Digest(of: bytes)
    objects.withLock { $0[digest] = bytes }
    return SealedObject(digest: digest, sizeBytes: Int64(bytes.count))
  }

  func bytes(of digest: Digest) throws -> [UInt8] {
    guard let bytes = objects.withLock({ $0[digest] }) else { throw Missing() }
    return bytes
  }
}

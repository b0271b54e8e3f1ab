// The simulated engine's objects.

import BatchModel
import Synchronization

/// Objects in memory: a crash of the engine does not lose them.
final class MemoryObjects: ObjectStoring {
  private let objects = Mutex<[Digest: [UInt8]]>([:])
  private struct Missing: Error {}

  func put(_ bytes: [UInt8]) -> SealedObject {
    let digest = Digest(of: bytes)
    objects.withLock { $0[digest] = bytes }
    return SealedObject(digest: digest, sizeBytes: Int64(bytes.count))
  }

  func bytes(of digest: Digest) throws -> [UInt8] {
    guard let bytes = objects.withLock({ $0[digest] }) else { throw Missing() }
    return bytes
  }
}

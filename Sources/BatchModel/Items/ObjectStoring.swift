// The seam to the content-addressed objects, so that the store needs no file system of its own.

/// Keeps byte sequences under their digests.
package protocol ObjectStoring: Sendable {
  /// Stores `bytes` durably (file and folder synced) unless they are there already.
  func put(_ bytes: [UInt8]) throws -> SealedObject
  /// The bytes with that digest, verified; throws when they are missing or do not match.
  func bytes(of digest: Digest) throws -> [UInt8]
}

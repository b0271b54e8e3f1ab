// Reading objects back, never unverified, and the upkeep of their folder.

package import BatchModel
import Glibc

extension ObjectStore {
  /// The object's bytes; throws `objectMissing` or `digestMismatch`.
  package func bytes(of digest: Digest) throws(FilesError) -> [UInt8] {
    var bytes: [UInt8] = []
    try read(digest) { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// Calls `body` with the object's chunks in order, in constant memory.
  ///
  /// The digest is known only at the end: what `body` got counts when this returns without a throw.
  package func read(
    _ digest: Digest, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(FilesError) {
    let file = try open(digest)
    let path = path(of: digest)
    let found = try FileHasher.eachChunk(of: file, path: path) { chunk throws(FilesError) in
      body(chunk)
    }
    try Self.expect(found, digest, path: path)
  }

  /// Throws unless the object is there with the right bytes.
  package func verify(_ digest: Digest) throws(FilesError) {
    try read(digest) { _ in }
  }

  /// Whether an object stands under that digest; its bytes are not looked at.
  package func contains(_ digest: Digest) -> Bool { access(path(of: digest), F_OK) == 0 }

  /// Copies the object to a new read-only file (0400), verified; not synced.
  package func export(_ digest: Digest, to path: String) throws(FilesError) {
    let file = try Descriptor(
      opening: path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o400, operation: "create")
    try copy(digest, to: file, at: path)
  }

  /// Copies the object into an empty file, verified.
  func copy(
    _ digest: Digest, to file: borrowing Descriptor, at path: String
  ) throws(FilesError) {
    let source = try open(digest)
    let found = try FileHasher.copy(source, path: self.path(of: digest), to: file, at: path)
    try Self.expect(found, digest, path: self.path(of: digest))
  }

  /// Removes an object that no receipt names any more; a missing one is no error.
  package func remove(_ digest: Digest) throws(FilesError) {
    let path = path(of: digest)
    guard unlink(path) == 0 || errno == ENOENT else { throw .last("remove", path) }
  }

  /// Calls `body` with every object's digest, shard by shard, in no order.
  package func eachDigest(_ body: (Digest) throws(FilesError) -> Void) throws(FilesError) {
    try FolderListing.eachName(in: folder) { shard throws(FilesError) in
      guard shard.utf8.count == 2 else { return }
      try FolderListing.eachName(in: "\(folder)/\(shard)") { rest throws(FilesError) in
        if let digest = Digest(shard + rest) { try body(digest) }
      }
    }
  }

  /// Removes what crashed writers left; returns how many files that were.
  ///
  /// Only the holder of the engine's lock may call it: a living writer's file looks the same.
  package func removeLeftovers() throws(FilesError) -> Int {
    var count = 0
    try FolderListing.eachName(in: folder) { name throws(FilesError) in
      guard name.hasPrefix(Self.temporaryPrefix) else { return }
      guard unlink("\(folder)/\(name)") == 0 else { throw .last("remove", "\(folder)/\(name)") }
      count += 1
    }
    return count
  }

  private func open(_ digest: Digest) throws(FilesError) -> Descriptor {
    let path = path(of: digest)
    let number = untilNotInterrupted { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
    guard number < 0 else { return Descriptor(owning: number) }
    throw errno == ENOENT ? .objectMissing(digest) : .last("open", path)
  }

  private static func expect(
    _ found: SealedObject, _ expected: Digest, path: String
  ) throws(FilesError) {
    guard found.digest == expected else {
      throw .digestMismatch(path: path, expected: expected, found: found.digest)
    }
  }
}

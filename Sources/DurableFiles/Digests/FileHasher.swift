// Digests of files in constant memory, alone or while they are copied.

package import BatchModel
import CSpawn
import Glibc

/// Reads files for their digests.
package enum FileHasher {
  private static let chunkBytesMax = 256 * 1024

  /// The digest of the regular file at `path` (symbolic links are followed).
  package static func digest(of path: String) throws(FilesError) -> Digest {
    let file = try Descriptor(opening: path, O_RDONLY | O_NONBLOCK)
    return try object(in: file, path: path).digest
  }

  /// Throws `digestMismatch`, which names both sums, unless the file has the expected digest.
  package static func verify(_ path: String, is expected: Digest) throws(FilesError) {
    let found = try digest(of: path)
    guard found == expected else {
      throw .digestMismatch(path: path, expected: expected, found: found)
    }
  }

  /// The digest and size of an open regular file, from its current offset on.
  static func object(
    in file: borrowing Descriptor, path: String
  ) throws(FilesError) -> SealedObject {
    try eachChunk(of: file, path: path) { _ throws(FilesError) in }
  }

  /// Copies an open regular file into an empty one and returns the copy's digest and size.
  ///
  /// Where the file system can share blocks (FICLONE), only the shared blocks are read.
  static func copy(
    _ source: borrowing Descriptor, path: String, to copy: borrowing Descriptor, at copyPath: String
  ) throws(FilesError) -> SealedObject {
    if cs_clone_file(copy.number, source.number) == 0 {
      let again = try Descriptor(opening: "/proc/self/fd/\(copy.number)", O_RDONLY)
      return try object(in: again, path: copyPath)
    }
    let number = copy.number
    return try eachChunk(of: source, path: path) { chunk throws(FilesError) in
      try Descriptor.write(chunk, to: number, path: copyPath)
    }
  }

  /// Calls `body` with every chunk of an open regular file.
  static func eachChunk(
    of file: borrowing Descriptor, path: String,
    _ body: (UnsafeRawBufferPointer) throws(FilesError) -> Void
  ) throws(FilesError) -> SealedObject {
    let status = try file.status(path: path)
    guard status.isFile else { throw .notAFile(path, kind: status.kind) }
    // One byte more than the size, so that a small file ends with its second read.
    let capacity = min(max(Int(status.st_size) + 1, 4096), chunkBytesMax)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    defer { buffer.deallocate() }
    var hasher = DigestHasher()
    var size: Int64 = 0
    while true {
      let count = try file.read(into: buffer, path: path)
      if count == 0 { return SealedObject(digest: hasher.finish(), sizeBytes: size) }
      let chunk = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      hasher.update(chunk)
      size += Int64(count)
      try body(chunk)
    }
  }
}

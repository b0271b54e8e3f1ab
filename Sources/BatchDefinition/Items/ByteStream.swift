// Bytes of a file or of a command's output, in big pieces: a million lines need few system calls.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Gives the next bytes of a source; an empty array at its end.
struct ByteStream: ~Copyable {
  private enum Origin {
    case file(CInt, path: String)
    case pieces(() throws -> [UInt8]?)
  }
  private static let pieceBytes = 1 << 20
  private let origin: Origin

  /// Opens a file.
  init(file path: String) throws(ItemSourceError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: SystemMessage.last()) }
    origin = .file(descriptor, path: path)
  }

  /// Takes the bytes from elsewhere; `nil` ends them.
  init(pieces: @escaping () throws -> [UInt8]?) { origin = .pieces(pieces) }

  deinit {
    if case .file(let descriptor, _) = origin { close(descriptor) }
  }

  mutating func next() throws(ItemSourceError) -> [UInt8] {
    switch origin {
    case .pieces(let pieces):
      do {
        while let piece = try pieces() {
          if !piece.isEmpty { return piece }
        }
        return []
      } catch {
        throw .commandFailed(reason: "\(error)")
      }
    case .file(let descriptor, let path):
      var failure: CInt = 0
      let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, count in
        var got = -1
        repeat {
          got = read(descriptor, buffer.baseAddress, buffer.count)
        } while got < 0 && errno == EINTR
        failure = got < 0 ? errno : 0
        count = max(0, got)
      }
      guard failure == 0 else {
        throw .unreadable(path: path, reason: String(cString: strerror(failure)))
      }
      return piece
    }
  }
}

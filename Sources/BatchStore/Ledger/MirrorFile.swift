// One run's ledger.ndjson, open for appending.

import BatchModel
import Foundation

/// An open mirror.
///
/// What a crash left behind its last whole line is cut when it is opened.
final class MirrorFile {
  let path: String
  private let descriptor: Int32
  /// The newest line's sequence; 0 before the first.
  private(set) var sequence: Int64 = 0
  private var digest: Digest?
  private var size: off_t = 0
  private(set) var isDirty = false

  /// Opens or creates the file, and its folder; a new file's name is made durable too.
  init(path: String, isDurable: Bool) throws(StoreError) {
    self.path = path
    let folder = (path as NSString).deletingLastPathComponent
    let isNew = access(path, F_OK) != 0
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unavailable(path: folder, reason: "\(error.localizedDescription)")
    }
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unavailable(path: path, reason: String(cString: strerror(errno)))
    }
    try findEnd()
    guard isNew, isDurable else { return }
    try StoreFile.sync(folder, O_RDONLY | O_DIRECTORY)
    try StoreFile.sync((folder as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY)
  }

  deinit { close(descriptor) }

  /// Appends lines for events whose sequences follow the newest line's.
  ///
  /// After an error the file must be opened again: what it remembers may not be what was written.
  func append(
    _ events: some Sequence<RecordedEvent>, store: ([UInt8]) throws(StoreError) -> Digest
  ) throws(StoreError) {
    var bytes: [UInt8] = []
    for event in events where event.sequence > sequence {
      let start = bytes.count
      try LedgerLine.append(event, previous: digest, to: &bytes, store: store)
      digest = bytes.withUnsafeBytes { raw in
        var hasher = DigestHasher()
        hasher.update(UnsafeRawBufferPointer(rebasing: raw[start..<raw.count - 1]))
        return hasher.finish()
      }
      sequence = event.sequence
    }
    try write(bytes)
  }

  /// Makes the lines survive a loss of power.
  func sync() throws(StoreError) {
    guard isDirty else { return }
    guard fdatasync(descriptor) == 0 else { throw Self.failure(path) }
    isDirty = false
  }

  private func write(_ bytes: [UInt8]) throws(StoreError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { raw in
        pwrite(descriptor, raw.baseAddress.map { $0 + written }, raw.count - written, size)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(path) }
      written += count
      size += off_t(count)
      isDirty = true
    }
  }

  // MARK: The end of the file

  /// Finds the last line that is whole and cuts what lies behind it.
  ///
  /// After a loss of power the last pages may hold zeros or older bytes; the database has those
  /// events, and they are appended again.
  private func findEnd() throws(StoreError) {
    size = lseek(descriptor, 0, SEEK_END)
    var end = size
    while end > 0 {
      let line = try lastLine(before: end)
      let isWhole = line.last == 0x0a
      if isWhole, let parsed = LedgerLine(line.dropLast()) {
        sequence = parsed.sequence
        digest = Digest(of: line.dropLast())
        break
      }
      end -= off_t(line.count)
    }
    guard end < size else { return }
    guard ftruncate(descriptor, end) == 0 else { throw Self.failure(path) }
    size = end
    isDirty = true
  }

  /// The bytes from the last newline before the byte ahead of `end`, up to `end`.
  private func lastLine(before end: off_t) throws(StoreError) -> ArraySlice<UInt8> {
    var start = end
    var bytes: [UInt8] = []
    while start > 0 {
      let count = min(start, off_t(LedgerLine.sizeMax))
      start -= count
      bytes = try read(Int(count), at: start) + bytes
      if let newline = bytes.dropLast().lastIndex(of: 0x0a) { return bytes[(newline + 1)...] }
    }
    return bytes[...]
  }

  private func read(_ count: Int, at offset: off_t) throws(StoreError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes { raw in
        pread(descriptor, raw.baseAddress.map { $0 + done }, count - done, offset + off_t(done))
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw Self.failure(path) }
      done += got
    }
    return bytes
  }

  private static func failure(_ path: String) -> StoreError {
    let code = errno
    if code == ENOSPC || code == EDQUOT { return .diskFull }
    return .ioFailed(reason: "\(path): \(String(cString: strerror(code)))")
  }
}

// The log of one attempt: head and tail are kept, the middle goes, and it can be followed live.

import BatchModel
import CSpawn
import DurableFiles
import Glibc

/// Which of a process's two streams bytes came from.
enum ProcessStream: Int { case output, error }

/// A log file that a gigabyte costs no more than its head and tail.
///
/// While the process runs, the file has one offset for every byte of output: the head is written as
/// it comes; past it, what came is written at most every 100 ms, and the blocks between head and
/// tail are freed (a hole), so that a reader only ever reads on. A flood that is faster than that
/// leaves out bytes before they are written, or even masked. At the end a log with a hole is
/// replaced by head, a line that says how much is missing, and tail; who has the old one open reads
/// it to its end.
final class CappedLog {
  private static let flushInterval: UInt64 = 100_000_000
  /// Freeing blocks in small pieces would cost more than it saves.
  private static let punchBytesMin = 256 * 1024

  private let order: LogOrder
  private var filters: [SecretFilter]
  private var descriptor: Int32 = -1
  /// Bytes of output that have a place in the file, with the left-out ones.
  private var end = 0
  /// Where the last left-out byte would have been, plus one.
  private var gapEnd = 0
  private var freedEnd: Int
  private var canFree = true
  private var pending = PendingOutput()
  private var masked: [UInt8] = []
  private var lastFlush: UInt64 = 0
  /// When `flush` has something to do; `UInt64.max` when not.
  private(set) var flushAt = UInt64.max
  /// Why the file is incomplete.
  private(set) var problem: String?

  init(_ order: LogOrder, mask: SecretMask) {
    self.order = order
    filters = [SecretFilter(mask), SecretFilter(mask)]
    freedEnd = order.headBytesMax
  }

  /// Adds output in the order in which it arrived.
  func append(_ bytes: UnsafeRawBufferPointer, from stream: ProcessStream, at now: UInt64) {
    guard problem == nil else { return }
    if end < order.headBytesMax {
      write(bytes, from: stream)
      return
    }
    let dropped = pending.append(bytes, from: stream, bytesMax: order.tailBytesMax)
    if dropped > 0 { leaveOut(dropped) }
    if canFree, flushAt == .max { flushAt = max(now, lastFlush + Self.flushInterval) }
    if now >= flushAt { flush(at: now) }
  }

  /// Writes what waits.
  func flush(at now: UInt64) {
    flushAt = .max
    lastFlush = now
    for piece in pending.takeAll() {
      piece.bytes.withUnsafeBytes { write($0, from: piece.stream) }
    }
    freeMiddle()
  }

  /// Writes everything and brings the file into its final form.
  func close() {
    flush(at: 0)
    for stream in [ProcessStream.output, .error] {
      masked.removeAll(keepingCapacity: true)
      filters[stream.rawValue].finish(into: &masked)
      store(masked)
    }
    guard descriptor >= 0 else { return }
    if end > order.headBytesMax + order.tailBytesMax || gapEnd > 0 { compact() }
    Glibc.close(descriptor)
    descriptor = -1
  }

  private func leaveOut(_ count: Int) {
    end += count
    gapEnd = end
    for index in filters.indices { filters[index].skipGap() }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, from stream: ProcessStream) {
    masked.removeAll(keepingCapacity: true)
    filters[stream.rawValue].filter(bytes, into: &masked)
    store(masked)
  }

  private func store(_ bytes: [UInt8]) {
    guard !bytes.isEmpty, problem == nil, open() else { return }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { chunk in
        untilNotInterrupted { pwrite(descriptor, chunk.baseAddress, chunk.count, off_t(end)) }
      }
      guard count >= 0 else { return fail("write") }
      rest = rest.dropFirst(count)
      end += count
    }
  }

  private func open() -> Bool {
    guard descriptor < 0 else { return true }
    let flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    descriptor = untilNotInterrupted { Glibc.open(order.path, flags, 0o600) }
    if descriptor < 0 { fail("create") }
    return descriptor >= 0
  }

  /// A log that cannot be written must not fail the work.
  private func fail(_ operation: String) {
    problem = "cannot \(operation) \(order.path): \(String(cString: strerror(errno)))"
  }

  private func freeMiddle() {
    let upTo = end - order.tailBytesMax
    guard canFree, upTo - freedEnd >= Self.punchBytesMin, descriptor >= 0 else { return }
    if cs_punch_hole(descriptor, off_t(freedEnd), off_t(upTo - freedEnd)) == 0 {
      freedEnd = upTo
    } else {
      // Not every file system can: then the tail waits in memory until the end.
      canFree = false
    }
  }
}

extension CappedLog {
  private func compact() {
    let tailStart = max(order.headBytesMax, gapEnd, end - order.tailBytesMax)
    let path = order.path + ".part"
    do {
      let copy = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
      try copyRange(0..<order.headBytesMax, to: copy)
      let missing = tailStart - order.headBytesMax
      try copy.writeAll(Array("\n[… \(missing) bytes left out …]\n".utf8), path: path)
      try copyRange(tailStart..<end, to: copy)
      guard rename(path, order.path) == 0 else { return fail("replace") }
    } catch {
      unlink(path)
      problem = "\(error)"
    }
  }

  private func copyRange(
    _ range: Range<Int>, to copy: borrowing Descriptor
  ) throws(FilesError) {
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    var offset = range.lowerBound
    while offset < range.upperBound {
      let wanted = min(buffer.count, range.upperBound - offset)
      let count = buffer.withUnsafeMutableBytes { room in
        pread(descriptor, room.baseAddress, wanted, off_t(offset))
      }
      guard count > 0 else { return }
      try copy.writeAll(Array(buffer[..<count]), path: order.path)
      offset += count
    }
  }
}

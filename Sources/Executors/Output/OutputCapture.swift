// Standard output as a file, up to a limit: a candidate of a step that writes none itself.

import DurableFiles
import Glibc

/// Writes standard output to a file that is made with its first byte.
struct OutputCapture {
  private let order: CaptureOrder
  private var descriptor: Int32 = -1
  private(set) var captured = ProcessReport.Captured.nothing

  init(_ order: CaptureOrder) { self.order = order }

  /// Adds bytes; past the limit, or when the disk is full, what was kept is removed.
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    let size: Int64
    switch captured {
    case .nothing: size = 0
    case .file(let bytes): size = bytes
    case .tooLarge, .failed: return
    }
    guard size + Int64(bytes.count) <= Int64(order.bytesMax) else {
      return discard(.tooLarge(bytesMax: order.bytesMax))
    }
    do throws(FilesError) {
      if descriptor < 0 { descriptor = try open() }
      try Descriptor.write(bytes, to: descriptor, path: order.path)
      captured = .file(sizeBytes: size + Int64(bytes.count))
    } catch {
      discard(.failed(error))
    }
  }

  /// Closes the file.
  mutating func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  private func open() throws(FilesError) -> Int32 {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    let number = untilNotInterrupted { Glibc.open(order.path, flags, 0o600) }
    guard number >= 0 else {
      throw .system(operation: "create", path: order.path, errno: errno)
    }
    return number
  }

  private mutating func discard(_ reason: ProcessReport.Captured) {
    close()
    unlink(order.path)
    captured = reason
  }
}

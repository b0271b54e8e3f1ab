// A theme's file as the system sees it: what it is, whether it changed, and its text.

import Glibc

/// What tells one state of a file from another.
struct FileIdentity: Hashable {
  private var device: UInt64
  private var inode: UInt64
  private var size: Int64
  private var seconds: Int
  private var nanoseconds: Int

  fileprivate init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }

  /// An editor empties a file before it writes it.
  var isEmpty: Bool { size == 0 }
}

/// Reads a theme's file, which may be anything.
struct ThemeFile {
  let path: String

  /// No theme is longer; what is longer is none.
  private static let bytesMax = 65_536

  /// The theme's name: the file's, without what it ends with.
  private var name: String {
    let last = path.split(separator: "/").last ?? "theme"
    return String(last.hasSuffix(".yaml") ? last.dropLast(5) : last)
  }

  /// - Throws: `ThemeError` with every mistake, or why it cannot be read.
  func load() throws(ThemeError) -> LoadedTheme {
    try Themes.load(text(), file: path, name: name)
  }

  /// `nil` when there is nothing under this path.
  ///
  /// *Cost*: one system call.
  var identity: FileIdentity? {
    var status = stat()
    return stat(path, &status) == 0 ? FileIdentity(status) : nil
  }

  /// - Throws: `ThemeError` with why it cannot be read.
  func text() throws(ThemeError) -> String {
    // Without waiting: a pipe that nobody writes to would hold the screen up.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ThemeError(file: path, reason("opened")) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ThemeError(file: path, "this is no file")
    }
    let bytes = try bytes(of: descriptor)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ThemeError(file: path, "this is no UTF-8")
    }
    return text
  }

  private func bytes(of descriptor: Int32) throws(ThemeError) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16_384)
    while bytes.count <= Self.bytesMax {
      let count = read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw ThemeError(file: path, reason("read")) }
      guard count > 0 else { return bytes }
      bytes += piece.prefix(count)
    }
    throw ThemeError(file: path, "no theme is longer than \(Self.bytesMax / 1024) KiB")
  }

  private func reason(_ deed: String) -> String {
    "it cannot be \(deed): \(String(cString: strerror(errno)))"
  }
}

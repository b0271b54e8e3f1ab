// A person's last typed lines in a private file: kept where it can be kept, and no reason to disturb
// anybody where it cannot.

import Glibc

/// The newest lines of a file that several processes may add to.
///
/// Nothing throws: a file that is broken, foreign, a link or no file at all has no lines and takes
/// none. What a file says is hostile; the caller looks at each line before it uses it.
package struct RecentLines: Sendable {
  private let folder: String
  private let name: String
  /// So many lines are read, and kept when the file is written anew.
  private let linesMax: Int
  /// A file that has grown longer is written anew with what still counts.
  private let bytesMax: Int

  package init(folder: String, name: String, linesMax: Int, bytesMax: Int = 32 << 10) {
    self.folder = folder
    self.name = name
    self.linesMax = linesMax
    self.bytesMax = bytesMax
  }

  /// The lines, oldest first; bytes that are no UTF-8 are replaced.
  package func read() -> [String] {
    lines(of: bytes() ?? [], atMost: linesMax).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Adds a line as the newest; one with a line break in it is not taken.
  package func append(_ line: String) {
    let line = Array(line.utf8)
    guard !line.isEmpty, !line.contains(Self.lineFeed), line.count < bytesMax else { return }
    // Where no folder can be made there is nothing to remember.
    guard let home = try? PrivateFolder(folder) else { return }
    guard let before = bytes(), before.count + line.count >= bytesMax else { return add(line) }
    let kept = lines(of: before, atMost: linesMax - 1) + [line[...]]
    // A file that cannot be replaced stays as it is.
    try? home.replace(name, with: kept.flatMap { $0 + [Self.lineFeed] })
  }

  private static let lineFeed = UInt8(ascii: "\n")

  private func lines(of bytes: [UInt8], atMost count: Int) -> [ArraySlice<UInt8>] {
    bytes.split(separator: Self.lineFeed).suffix(count)
  }

  /// In one write, so that two processes do not mix their lines.
  private func add(_ line: [UInt8]) {
    guard let file = open(O_WRONLY | O_CREAT | O_APPEND) else { return }
    // What could not be written is not remembered.
    try? file.writeAll(line + [Self.lineFeed], path: name)
  }

  /// The end of the file; `nil` where there is none of ours.
  private func bytes() -> [UInt8]? {
    guard let file = open(O_RDONLY) else { return nil }
    var status = stat()
    guard fstat(file.number, &status) == 0 else { return nil }
    let size = Int(status.st_size)
    var bytes = [UInt8](repeating: 0, count: min(size, 2 * bytesMax))
    let count = pread(file.number, &bytes, bytes.count, off_t(size - bytes.count))
    return count > 0 ? Array(bytes.prefix(count)) : []
  }

  /// A regular file of this person's, private from now on; a link, a pipe or a folder is none.
  private func open(_ flags: Int32) -> Descriptor? {
    guard
      let file = try? Descriptor(
        opening: "\(folder)/\(name)", flags | O_NOFOLLOW | O_NONBLOCK, mode: 0o600)
    else { return nil }
    var status = stat()
    guard fstat(file.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(),
      status.st_mode & 0o077 == 0 || fchmod(file.number, 0o600) == 0
    else { return nil }
    return file
  }
}

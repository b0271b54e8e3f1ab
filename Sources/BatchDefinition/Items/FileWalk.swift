// Walks a folder for the files that globs mean: readdir alone, one folder open at a time, in the
// order of the paths' bytes, and never into what is hidden, linked or generated.

import BatchModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Finds files one after the other.
///
/// *Shape*: paths relative to the root, sorted by their bytes over the whole walk.
/// *Cost*: one `readdir` a file; memory for the open folders' matching names only.
struct FileWalk: ~Copyable {
  /// Something that was left out, and why.
  struct Problem {
    var path: String
    var message: String
  }

  /// A glob and where the walk stands in it.
  private struct Cursor {
    var components: [GlobComponent]
    var states: Set<Int>
    var hidesDots: Bool
  }
  /// A name of the folder that is being worked off.
  ///
  /// A folder's name ends with a slash, which gives it its place among the files: `a.txt` < `a/b` <
  /// `a0`.
  private struct Entry {
    var name: [UInt8]
    var isFolder: Bool { name.last == UInt8(ascii: "/") }
  }
  private struct Folder {
    /// Relative to the root, with a slash at its end; empty for the root.
    var path: [UInt8]
    /// In reverse order, so that the next one is the last.
    var entries: [Entry]
    var including: [Cursor]
    var excluding: [Cursor]
  }

  private let root: CInt
  private var folders: [Folder] = []
  private(set) var problems: [Problem] = []

  /// Opens the root folder.
  init(root path: String, patterns: [GlobPattern], excluding: [GlobPattern]) throws(ItemSourceError)
  {
    root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard root >= 0 else { throw .unreadable(path: path, reason: SystemMessage.last()) }
    let includingCursors = Self.cursors(of: patterns, hidesDots: true)
    let excludingCursors = Self.cursors(of: excluding, hidesDots: false)
    enter([], including: includingCursors, excluding: excludingCursors)
  }

  deinit { close(root) }

  /// Folders that no wildcard enters: hidden ones, among them `.git`, `.build` and `.footplate`, and
  /// installed packages.
  static func isHiddenFolder(_ name: some Collection<UInt8>) -> Bool {
    name.first == UInt8(ascii: ".") || name.elementsEqual("node_modules".utf8)
  }

  /// The next path; `nil` at the end.
  mutating func next() -> String? {
    while !folders.isEmpty {
      guard let entry = folders[folders.count - 1].entries.popLast() else {
        folders.removeLast()
        continue
      }
      let folder = folders[folders.count - 1]
      let path = folder.path + entry.name
      if entry.isFolder {
        descend(to: path, named: entry.name.dropLast(), from: folder)
        continue
      }
      if let text = String(validating: path, as: UTF8.self) { return text }
      note(path, "the file's name is not valid UTF-8; rename it")
    }
    return nil
  }

  private mutating func descend(
    to path: [UInt8], named name: ArraySlice<UInt8>, from folder: Folder
  ) {
    let including = Self.advance(folder.including, over: name)
    guard !including.isEmpty else { return }
    let excluding = Self.advance(folder.excluding, over: name)
    let isExcluded = excluding.contains {
      GlobComponent.coverEverything($0.states, in: $0.components)
    }
    if !isExcluded { enter(path, including: including, excluding: excluding) }
  }

  private mutating func enter(_ path: [UInt8], including: [Cursor], excluding: [Cursor]) {
    var name = path.isEmpty ? Array(".".utf8) : path
    name.append(0)
    // No link is followed; a folder that was swapped for one is refused here.
    let descriptor = name.withUnsafeBytes { bytes -> CInt in
      guard let chars = bytes.assumingMemoryBound(to: CChar.self).baseAddress else { return -1 }
      return openat(root, chars, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    }
    guard descriptor >= 0, let stream = fdopendir(descriptor) else {
      note(path, "the folder cannot be read: \(SystemMessage.last())")
      if descriptor >= 0 { close(descriptor) }
      return
    }
    defer { closedir(stream) }
    var entries: [Entry] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let nameStart =
        UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0)
      let bytes = nameStart.assumingMemoryBound(to: UInt8.self)
      let name = UnsafeBufferPointer(start: bytes, count: strlen(nameStart))
      let kind = Self.kind(of: entry, name: nameStart, in: descriptor)
      if let kept = Self.entry(name, kind, including: including, excluding: excluding) {
        entries.append(kept)
      }
    }
    if errno != 0 { note(path, "the folder cannot be read to its end: \(SystemMessage.last())") }
    entries.sort { $1.name.lexicographicallyPrecedes($0.name) }
    folders.append(
      Folder(path: path, entries: entries, including: including, excluding: excluding))
  }

  private enum Kind { case file, folder, other }

  private static func kind(
    of entry: UnsafeMutablePointer<dirent>, name: UnsafeRawPointer, in descriptor: CInt
  ) -> Kind {
    switch Int(entry.pointee.d_type) {
    case Int(DT_REG): return .file
    case Int(DT_DIR): return .folder
    case Int(DT_LNK): return status(of: name, in: descriptor, flags: 0) == S_IFREG ? .file : .other
    case Int(DT_UNKNOWN):
      switch status(of: name, in: descriptor, flags: AT_SYMLINK_NOFOLLOW) {
      case S_IFREG: return .file
      case S_IFDIR: return .folder
      case S_IFLNK: return status(of: name, in: descriptor, flags: 0) == S_IFREG ? .file : .other
      default: return .other
      }
    default: return .other
    }
  }

  private static func status(
    of name: UnsafeRawPointer, in descriptor: CInt, flags: CInt
  ) -> mode_t {
    var status = stat()
    let failed =
      fstatat(
        descriptor, name.assumingMemoryBound(to: CChar.self), &status, flags) != 0
    return failed ? 0 : status.st_mode & S_IFMT
  }

  private static func entry(
    _ name: UnsafeBufferPointer<UInt8>, _ kind: Kind, including: [Cursor], excluding: [Cursor]
  ) -> Entry? {
    switch kind {
    case .other: return nil
    case .folder:
      if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { return nil }
      return Entry(name: Array(name) + [UInt8(ascii: "/")])
    case .file:
      guard accepts(including, name), !accepts(excluding, name) else { return nil }
      return Entry(name: Array(name))
    }
  }

  private static func accepts(_ cursors: [Cursor], _ file: UnsafeBufferPointer<UInt8>) -> Bool {
    cursors.contains {
      GlobComponent.accepts(
        $0.states, file: file, in: $0.components, hidesDots: $0.hidesDots)
    }
  }

  private static func cursors(of patterns: [GlobPattern], hidesDots: Bool) -> [Cursor] {
    patterns.flatMap(\.alternatives).map { components in
      Cursor(
        components: components, states: GlobComponent.closure(of: [0], in: components),
        hidesDots: hidesDots)
    }
  }

  private static func advance(_ cursors: [Cursor], over name: ArraySlice<UInt8>) -> [Cursor] {
    cursors.compactMap { cursor in
      var next = cursor
      next.states = GlobComponent.advance(
        cursor.states, over: name, in: cursor.components, hidesDots: cursor.hidesDots)
      return next.states.isEmpty ? nil : next
    }
  }

  private mutating func note(_ path: [UInt8], _ message: String) {
    problems.append(Problem(path: String(decoding: path, as: UTF8.self), message: message))
  }

  /// The problems since the last call.
  mutating func takeProblems() -> [Problem] {
    defer { problems = [] }
    return problems
  }
}

/// The operating system's own words.
enum SystemMessage {
  /// What `errno` means.
  static func last() -> String { String(cString: strerror(errno)) }
}

// The processes of the host at one moment, to find a tree's members wherever they went.

import CSpawn
import DurableFiles
import Glibc

/// One look at /proc.
struct ProcessTable {
  struct Entry {
    var pid: Int32
    var parent: Int32
    var group: Int32
    var session: Int32
    /// Clock ticks since boot: with the pid it names a process uniquely.
    var startTicks: UInt64
    var isZombie: Bool
  }

  private(set) var entries: [Entry] = []
  private var environments: [Int32: [UInt8]] = [:]

  /// Reads the table; costs about 10 µs a process.
  init() {
    guard let folder = opendir("/proc") else { return }
    defer { closedir(folder) }
    while let found = readdir(folder) {
      let name = withUnsafePointer(to: &found.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      // A process that ended meanwhile has no entry any more.
      if let pid = Int32(name), let entry = Self.entry(of: pid) { entries.append(entry) }
    }
  }

  /// What /proc/<pid>/stat says; `nil` when there is no such process.
  static func entry(of pid: Int32) -> Entry? {
    guard let bytes = read("/proc/\(pid)/stat", bytesMax: 1024) else { return nil }
    // The name in parentheses may contain anything, also parentheses and spaces.
    guard let close = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = String(decoding: bytes[(close + 1)...], as: UTF8.self).split(separator: " ")
    guard fields.count > 19, let parent = Int32(fields[1]), let group = Int32(fields[2]),
      let session = Int32(fields[3]), let startTicks = UInt64(fields[19])
    else { return nil }
    return Entry(
      pid: pid, parent: parent, group: group, session: session, startTicks: startTicks,
      isZombie: fields[0] == "Z" || fields[0] == "X")
  }

  /// Whether the process started with all of these `NAME=value` entries.
  mutating func environment(of pid: Int32, hasAll marker: [String]) -> Bool {
    let bytes = environment(of: pid)
    return marker.allSatisfy { Self.contains(bytes, $0) }
  }

  /// The value of a variable that the process started with.
  mutating func value(of name: String, for pid: Int32) -> String? {
    let prefix = Array("\(name)=".utf8)
    return environment(of: pid).split(separator: 0).first { $0.starts(with: prefix) }
      .map { String(decoding: $0.dropFirst(prefix.count), as: UTF8.self) }
  }

  private mutating func environment(of pid: Int32) -> [UInt8] {
    if let known = environments[pid] { return known }
    // Another user's process cannot be read, and is none of ours.
    let bytes = Self.read("/proc/\(pid)/environ", bytesMax: 4 << 20) ?? []
    environments[pid] = bytes
    return bytes
  }

  private static func contains(_ bytes: [UInt8], _ entry: String) -> Bool {
    let needle = Array(entry.utf8) + [0]
    return bytes.withUnsafeBytes { all in
      var offset = 0
      while let base = all.baseAddress, offset < all.count {
        let hit = cs_first_index(base + offset, all.count - offset, needle, needle.count)
        if hit < 0 { return false }
        let index = offset + hit
        if index == 0 || all[index - 1] == 0 { return true }
        offset = index + 1
      }
      return false
    }
  }

  private static func read(_ path: String, bytesMax: Int) -> [UInt8]? {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    let file = Descriptor(owning: number)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: min(bytesMax, 16 * 1024))
    while bytes.count < bytesMax {
      let count = buffer.withUnsafeMutableBytes { room in
        Glibc.read(file.number, room.baseAddress, room.count)
      }
      if count <= 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return bytes
  }
}

extension ProcessTable {
  /// Adds to `found` every candidate whose parents lead to one that is in it.
  static func addDescendants(to found: inout [Int32: Entry], from candidates: [Entry]) {
    var hasGrown = !found.isEmpty
    while hasGrown {
      hasGrown = false
      for entry in candidates where found[entry.pid] == nil && found[entry.parent] != nil {
        found[entry.pid] = entry
        hasGrown = true
      }
    }
  }
}

extension ProcessTable.Entry {
  /// A pidfd of this very process; `nil` when it is gone, also when another one has its pid.
  func openDescriptor() -> Descriptor? {
    let pidfd = cs_pidfd_open(pid)
    guard pidfd >= 0 else { return nil }
    let descriptor = Descriptor(owning: pidfd)
    guard ProcessTable.entry(of: pid)?.startTicks == startTicks else { return nil }
    return descriptor
  }

  /// Signals this very process; one that is gone needs none.
  func send(_ signal: Int32) {
    if let descriptor = openDescriptor() { _ = cs_pidfd_send_signal(descriptor.number, signal) }
  }
}

// The processes of this machine, found by what they were started with.

import Foundation
import Glibc

enum ProcessList {
  /// Every process that has the text among its arguments or its environment's entries, except us.
  static func pids(mentioning text: String) -> [Int32] {
    let wanted = Array(text.utf8)
    return all().filter { pid in
      pid != getpid()
        && (contains(Files.bytes("/proc/\(pid)/environ"), wanted)
          || contains(Files.bytes("/proc/\(pid)/cmdline"), wanted))
    }
  }

  /// The children that engines of a workspace started, however deep.
  static func steps(of workspace: String) -> [Int32] {
    let entry = Array("FOOTPLATE_WORKSPACE=\(workspace)".utf8)
    return all().filter { pid in
      Files.bytes("/proc/\(pid)/environ").split(separator: 0).contains { $0.elementsEqual(entry) }
    }
  }

  static func parent(of pid: Int32) -> Int32? {
    let text = Files.text("/proc/\(pid)/stat")
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 1 ? Int32(fields[1]) : nil
  }

  static func arguments(of pid: Int32) -> [String] {
    Files.bytes("/proc/\(pid)/cmdline").split(separator: 0)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether the process is there and not only waits to be reaped.
  static func isAlive(_ pid: Int32) -> Bool {
    let text = Files.text("/proc/\(pid)/stat")
    guard let end = text.lastIndex(of: ")") else { return false }
    return text[end...].dropFirst(2).first != "Z"
  }

  private static func all() -> [Int32] {
    // A machine without /proc has none of these tests' processes either.
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
      .filter { isAlive($0) }
  }

  private static func contains(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
    Data(bytes).range(of: Data(wanted)) != nil
  }
}

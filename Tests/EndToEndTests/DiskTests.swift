// Disks that are full, that fail, and stores that are not ours to touch.

import Foundation
import Glibc
import Testing

@Suite(.turn) struct DiskTests {
  @Test(
    "A full disk loses nothing finished: 75, and on it goes when there is room",
    .enabled(if: SmallDisk.canMount, "mounting a tmpfs needs root"))
  func fullDisk() async throws {
    let disk = try SmallDisk(megabytes: 40)
    let batch = try BatchFolder(in: disk.path)
    try batch.write((1...30).map { "i\($0)\n" }.joined(), to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps:
        - id: one
          run: 'echo {{line}} >> "$COUNT"; head -c 1000000 /dev/zero | tr "\\0" x; echo {{line}}'
          output: "out/{{line}}"
      parallel: 2
      retry: {attempts: 1}
      """)
    let ended = try await batch.footplate("run", "--headless")
    #expect(ended.status == 75, "\(ended)")
    #expect(ended.output.contains("footplate run goes on"))
    let done = try await batch.items().filter { $0.state == "done" }.map(\.key)
    #expect(done.count >= 3, "\(done)")
    for key in done { #expect(batch.text("out/\(key)").hasSuffix("x\(key)\n"), "\(key)") }
    try disk.grow(toMegabytes: 200)
    let again = try await batch.footplate("run", "--headless")
    #expect(again.status == 0, "\(again)")
    let attempts = try await batch.attempts()
    for key in done {
      #expect(attempts.filter { $0.item == key && $0.outcome == "succeeded" }.count == 1)
    }
    for number in 1...30 { #expect(batch.text("out/i\(number)").utf8.count > 1_000_000) }
    #expect(try await batch.footplate("verify").status == 0)
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
  }

  @Test(
    "A failing fsync is no success: the run says so, and the next one puts it right",
    .enabled(if: Strace.canAttach, "strace may not attach here"),
    arguments: [3, 9, 25, 60, 140])
  func failingSync(when number: Int) async throws {
    let batch = try BatchFolder()
    try batch.write((1...12).map { "i\($0)\n" }.joined(), to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps:
        - {id: one, run: 'echo {{line}} >> "$COUNT"; echo {{line}}', output: "out/{{line}}"}
      parallel: 2
      retry: {attempts: 1}
      """)
    let ended = try await batch.tool(
      Strace.path,
      [
        "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e",
        "inject=fsync,fdatasync:error=EIO:when=\(number)", BatchFolder.program, "run",
        "--headless", "-C", batch.path,
      ])
    #expect([0, 1, 75].contains(ended.status) || number < 10, "\(ended)")
    for name in Files.tree("\(batch.path)/out") where !name.hasPrefix(".footplate-") {
      #expect(batch.text("out/\(name)") == "\(name)\n")
    }
    let again = try await batch.run("--retry-failed")
    #expect(again.lastLine == "finished, nothing failed")
    for number in 1...12 { #expect(batch.text("out/i\(number)") == "i\(number)\n") }
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
    #expect(try await batch.footplate("verify").status == 0)
    let attempts = try await batch.attempts()
    let excused = attempts.filter { $0.outcome != "succeeded" && $0.outcome != "neverStarted" }
    #expect(batch.executions.count <= 12 + excused.count)
  }

  /// A finished batch of one item, its store closed.
  private func finished() async throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.define("items: {list: [a]}\nsteps: [{id: one, run: 'true'}]")
    try await batch.run()
    return batch
  }

  private func bytesOfStore(_ batch: BatchFolder) -> [[UInt8]] {
    ["", "-wal", "-shm"].map { Files.bytes("\(batch.path)/.footplate/footplate.db\($0)") }
  }

  @Test("A store that a newer version made is refused and untouched")
  func newerStore() async throws {
    let batch = try await finished()
    let path = "\(batch.path)/.footplate/footplate.db"
    // SQLite's file format: the user version is a big-endian number at byte 60.
    var bytes = Files.bytes(path)
    bytes.replaceSubrange(60..<64, with: [0, 0, 3, 231])
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let before = bytesOfStore(batch)
    for arguments in [["run", "--headless"], ["run", "--detach"], ["status"], ["retry", "a"]] {
      let refused = try await batch.start(arguments).wait()
      #expect(refused.status == 3, "\(arguments): \(refused)")
      #expect(refused.complaints.contains("newer"), "\(refused)")
    }
    #expect(bytesOfStore(batch) == before)
  }

  @Test("A store that is no database is refused, untouched, and said to be mended by doctor")
  func brokenStore() async throws {
    let batch = try await finished()
    let path = "\(batch.path)/.footplate/footplate.db"
    let noise = (0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Data(noise).write(to: URL(fileURLWithPath: path))
    let refused = try await batch.footplate("run", "--headless")
    #expect(refused.status != 0 && refused.status != 1, "\(refused)")
    #expect(refused.complaints.contains("footplate doctor"), "\(refused)")
    #expect(Files.bytes(path) == noise)
  }
}

/// strace, with which system calls fail at will.
enum Strace {
  static let path = "/usr/bin/strace"

  /// Whether it may trace a child here: containers often forbid it.
  static let canAttach: Bool = {
    guard Files.exists(path), let folder = try? BatchFolder(),
      let child = try? Child(
        path, ["-qq", "-o", "/dev/null", "-e", "trace=none", "/bin/true"], environment: [:],
        files: folder.path + "/strace")
    else { return false }
    while !child.hasEnded { usleep(1000) }
    return child.complaints.isEmpty
  }()
}

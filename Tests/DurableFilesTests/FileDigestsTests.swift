// Digests by stamp: what is trusted, what is read again, and what changed among many.

import BatchModel
import Foundation
import Glibc
import Resilience
import Testing

@testable import DurableFiles

@Suite struct FileDigestsTests {
  let folder: TestFolder
  let digests: FileDigests
  init() throws {
    folder = try TestFolder()
    digests = FileDigests(root: folder.path)
  }

  /// Long after every file of the test was written.
  private var later: Instant { now.advanced(by: .seconds(60)) }
  private var now: Instant {
    Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }

  @Test func `An unchanged file is not read again`() throws {
    try folder.write("text", to: "a")
    var remembered: FileDigest?
    _ = try digests.digest(of: "a", at: later, lookup: { _ in nil }, remember: { remembered = $0 })
    var known = try #require(remembered)
    #expect(known.digest == Digest(of: "text"))
    // A digest that no file has shows that it is the remembered one that comes back.
    known.digest = Digest(of: "remembered")
    let again = try digests.digest(
      of: "a", at: later, lookup: { $0 == "a" ? known : nil },
      remember: { _ in Issue.record("nothing new is to be remembered") })
    #expect(again.digest == Digest(of: "remembered"))
  }

  @Test func `A change of the same size is noticed by its time`() throws {
    try folder.write("old!", to: "a")
    let old = try digests.digest(of: "a", at: later, lookup: { _ in nil }, remember: { _ in })
    try folder.write("new!", to: "a")
    let new = try digests.digest(of: "a", at: later, lookup: { _ in old }, remember: { _ in })
    #expect(new.digest == Digest(of: "new!"))
  }

  @Test func `A file that changed just now is neither remembered nor trusted`() throws {
    try folder.write("text", to: "a")
    let fresh = try digests.digest(
      of: "a", at: now, lookup: { _ in nil },
      remember: { _ in Issue.record("it may change again without another stamp") })
    var wrong = fresh
    wrong.digest = Digest(of: "wrong")
    let again = try digests.digest(of: "a", at: now, lookup: { _ in wrong }, remember: { _ in })
    #expect(again.digest == Digest(of: "text"))
    #expect(digests.changedPaths(among: [fresh.stamped], at: now) == ["a"])
    #expect(digests.changedPaths(among: [fresh.stamped], at: later) == [])
  }

  @Test func `Changed and missing files are found among many, in their order`() throws {
    var entries: [FileDigest] = []
    for number in 0..<3000 {
      let name = number % 3 == 0 ? "top\(number)" : "d\(number / 100)/f\(number)"
      try folder.write("x", to: name)
      let stamp = try #require(try digests.stamp(of: name))
      entries.append(FileDigest(path: name, stamp: stamp, digest: Digest(of: "x")))
    }
    #expect(digests.changedPaths(among: entries.map(\.stamped), at: later) == [])
    try folder.write("longer", to: entries[10].path)
    unlink("\(folder.path)/\(entries[2000].path)")
    unlink("\(folder.path)/\(entries[0].path)")
    try FileTree.remove("\(folder.path)/d29")
    let gone = entries.indices.filter { entries[$0].path.hasPrefix("d29/") }
    let expected = ([0, 10, 2000] + gone).map { entries[$0].path }
    #expect(digests.changedPaths(among: entries.map(\.stamped), at: later) == expected)
  }
}

@Suite struct PrivateFolderTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  @Test func `Folders are made for their owner only, with their parents`() throws {
    try PrivateFolder.create("\(folder.path)/a/b/c")
    try PrivateFolder.create("\(folder.path)/a/b/c")
    #expect(folder.mode("a/b/c") == 0o700 && folder.mode("a") == 0o700)
    try folder.write("x", to: "file")
    #expect(filesError { try PrivateFolder.create("\(folder.path)/file") } != nil)
  }

  @Test func `A replaced file is one form or the other for whoever reads meanwhile`() async throws {
    let spool = try PrivateFolder("\(folder.path)/spool")
    let forms = ["a", "b"].map { [UInt8](repeating: Array($0.utf8)[0], count: 100_000) }
    try spool.replace("gauges.json", with: forms[0])
    async let writing: Void = {
      for round in 0..<200 { try spool.replace("gauges.json", with: forms[round % 2]) }
    }()
    for _ in 0..<200 {
      let bytes = Array(try folder.text("spool/gauges.json").utf8)
      let isWhole = bytes == forms[0] || bytes == forms[1]
      #expect(isWhole)
    }
    try await writing
    #expect(folder.mode("spool/gauges.json") == 0o600)
    #expect(try folder.names(in: "spool") == ["gauges.json"])
  }

  @Test func `A leftover of a crashed writer is removed`() throws {
    let spool = try PrivateFolder("\(folder.path)/spool")
    try spool.writeOnce("request", Array("x".utf8))
    try folder.write("half", to: "spool/.tmp-0123456789abcdef")
    #expect(try spool.removeLeftovers() == 1)
    #expect(try folder.names(in: "spool") == ["request"])
  }
}

@Suite struct EngineLockTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }
  private var path: String { "\(folder.path)/engine.lock" }

  @Test func `Two cannot hold it, and who waits gets it when it is free`() throws {
    #expect(!EngineLock.isHeld(at: path))
    do {
      let lock = try EngineLock.acquire(at: path)
      #expect(EngineLock.isHeld(at: path))
      let error = filesError { _ = try EngineLock.acquire(at: path, timeout: .milliseconds(50)) }
      guard case .locked(_, let holder) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(holder.hasPrefix("pid \(getpid()) on "))
      _ = consume lock
    }
    #expect(!EngineLock.isHeld(at: path))
    _ = try EngineLock.acquire(at: path)
  }

  @Test func `A lock whose file was removed or replaced is held no more`() throws {
    let lock = try EngineLock.acquire(at: path)
    let before = lock.isStillHeld
    unlink(path)
    let removed = lock.isStillHeld
    let other = try EngineLock.acquire(at: path)
    let replaced = lock.isStillHeld
    let othersHold = other.isStillHeld
    #expect(before && !removed && !replaced && othersHold)
  }
}

@Suite struct ReserveTests {
  @Test func `The reserve takes its blocks and gives them back`() throws {
    let folder = try TestFolder()
    let reserve = Reserve(at: "\(folder.path)/reserve")
    #expect(!reserve.isWhole)
    #expect(try !reserve.free())
    try reserve.fill()
    #expect(reserve.isWhole)
    #expect(try reserve.free())
    #expect(!reserve.isWhole)
    try reserve.fill()
    #expect(reserve.isWhole)
  }

  @Test(.enabled(if: SmallDisk.canMount, "mounting a small disk needs the right to mount"))
  func `It makes room on a full disk`() throws {
    let disk = try SmallDisk(megabytes: 20)
    let reserve = Reserve(at: "\(disk.path)/reserve")
    try reserve.fill()
    let objects = try ObjectStore(at: "\(disk.path)/objects")
    let bytes = [UInt8](repeating: 7, count: 8 << 20)
    #expect(filesError { _ = try objects.put(bytes) }?.isDiskFull == true)
    #expect(try reserve.free())
    _ = try objects.put(bytes)
  }
}

extension FileDigest {
  fileprivate var stamped: StampedFile { StampedFile(path: path, stamp: stamp) }
}

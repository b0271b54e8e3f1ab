// Objects: whole, verified, shared by concurrent writers, and nothing left of a crash.

import BatchModel
import Foundation
import Testing

@testable import DurableFiles

@Suite struct ObjectStoreTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  @Test(arguments: ["", "a", String(repeating: "0123456789", count: 100_000)])
  func `What was stored comes back`(text: String) throws {
    let object = try folder.seal(text)
    #expect(object == SealedObject(digest: Digest(of: text), sizeBytes: Int64(text.utf8.count)))
    #expect(try folder.objects.bytes(of: object.digest) == Array(text.utf8))
  }

  @Test func `Many are stored at once, known and equal ones among them`() throws {
    let known = try folder.seal("known")
    let texts = ["a", "known", "b", "", "a"] + (0..<200).map { "text \($0)" }
    let stored = folder.objects.put(contentsOf: texts.map { Array($0.utf8) })
    for (text, result) in zip(texts, stored) {
      #expect(try folder.objects.bytes(of: result.get().digest) == Array(text.utf8))
    }
    #expect(try stored[1].get() == known)
    #expect(try folder.objects.removeLeftovers() == 0)
    #expect(folder.objects.put(contentsOf: []).isEmpty)
  }

  @Test func `Of many that are stored at once, one that fails leaves the others alone`() throws {
    let (bad, good) = (Array("bad".utf8), Array("good".utf8))
    // A file where the shard's folder would be.
    try folder.write("", to: ".footplate/objects/\(Digest(of: bad).hex.prefix(2))")
    let stored = folder.objects.put(contentsOf: [bad, good])
    #expect(throws: FilesError.self) { try stored[0].get() }
    #expect(try folder.objects.bytes(of: stored[1].get().digest) == good)
    #expect(try folder.objects.removeLeftovers() == 0)
  }

  @Test func `A sealed copy does not change with its source`() throws {
    try folder.write("before", to: "source")
    let object = try folder.objects.seal("\(folder.path)/source")
    try folder.write("after!", to: "source")
    #expect(try folder.objects.bytes(of: object.digest) == Array("before".utf8))
  }

  @Test func `Objects are read-only and stand in a folder that only their owner enters`() throws {
    let object = try folder.seal("x")
    let hex = object.digest.hex
    #expect(folder.mode(".footplate/objects") == 0o700)
    #expect(folder.mode(".footplate/objects/\(hex.prefix(2))") == 0o700)
    #expect(folder.mode(".footplate/objects/\(hex.prefix(2))/\(hex.dropFirst(2))") == 0o400)
  }

  @Test func `A link, a folder and a pipe are not sealed`() throws {
    try folder.write("outside", to: "target")
    try folder.link("link", to: "target")
    mkfifo("\(folder.path)/pipe", 0o600)
    #expect(filesError { _ = try folder.objects.seal("\(folder.path)/link") } != nil)
    let pipe = filesError { _ = try folder.objects.seal("\(folder.path)/pipe") }
    #expect(pipe == .notAFile("\(folder.path)/pipe", kind: "a named pipe"))
    let itself = filesError { _ = try folder.objects.seal(folder.path) }
    #expect(itself == .notAFile(folder.path, kind: "a folder"))
    #expect(try folder.objects.removeLeftovers() == 0)
  }

  @Test func `A missing object and a damaged one are told apart, and storing again mends both`()
    throws
  {
    let object = try folder.seal("right")
    let path = folder.objects.path(of: object.digest)
    chmod(path, 0o600)
    try Data("wrong".utf8).write(to: URL(fileURLWithPath: path))
    let damaged = filesError { _ = try folder.objects.bytes(of: object.digest) }
    #expect(
      damaged
        == .digestMismatch(path: path, expected: object.digest, found: Digest(of: "wrong")))
    _ = try folder.seal("right")
    #expect(try folder.objects.bytes(of: object.digest) == Array("right".utf8))
    unlink(path)
    #expect(
      filesError { try folder.objects.verify(object.digest) } == .objectMissing(object.digest))
    try folder.write("right", to: "source")
    _ = try folder.objects.seal("\(folder.path)/source")
    try folder.objects.verify(object.digest)
  }

  @Test func `Many writers of the same and of other bytes disturb nobody`() async throws {
    let objects = folder.objects
    try await withThrowingTaskGroup(of: SealedObject.self) { group in
      for number in 0..<64 {
        group.addTask { try objects.put(Array("object \(number % 8)".utf8)) }
      }
      var digests: Set<Digest> = []
      for try await object in group { digests.insert(object.digest) }
      #expect(digests.count == 8)
      for digest in digests { try objects.verify(digest) }
    }
    #expect(try objects.removeLeftovers() == 0)
  }

  @Test func `What a crashed writer left is removed and objects are listed without it`() throws {
    let object = try folder.seal("x")
    try folder.write("half", to: ".footplate/objects/tmp-0123456789abcdef")
    var digests: [Digest] = []
    try folder.objects.eachDigest { digests.append($0) }
    #expect(digests == [object.digest])
    #expect(try folder.objects.removeLeftovers() == 1)
    #expect(try folder.names(in: ".footplate/objects") == [String(object.digest.hex.prefix(2))])
  }

  @Test(.enabled(if: SmallDisk.canMount, "mounting a small disk needs the right to mount"))
  func `A full disk leaves no half object and is told as such`() throws {
    let mount = try SmallDisk(megabytes: 1)
    let objects = try ObjectStore(at: "\(mount.path)/objects")
    let small = try objects.put(Array("small".utf8))
    let error = filesError { _ = try objects.put([UInt8](repeating: 1, count: 4 << 20)) }
    #expect(error?.isDiskFull == true)
    #expect(error?.code == "disk-full")
    #expect(try objects.removeLeftovers() == 0)
    try objects.verify(small.digest)
  }
}

@Suite struct FileHasherTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  @Test func `A mismatch names both sums`() throws {
    try folder.write("found", to: "file")
    let path = "\(folder.path)/file"
    try FileHasher.verify(path, is: Digest(of: "found"))
    let error = filesError { try FileHasher.verify(path, is: Digest(of: "expected")) }
    let message = try #require(error?.description)
    #expect(message.contains(Digest(of: "found").description))
    #expect(message.contains(Digest(of: "expected").description))
  }

  @Test func `A file of more than a gigabyte is digested in constant memory`() throws {
    let path = "\(folder.path)/big"
    let size: Int64 = 1_100_000_000
    let file = try Descriptor(opening: path, O_WRONLY | O_CREAT, mode: 0o600)
    #expect(ftruncate(file.number, off_t(size)) == 0)
    let before = residentKilobytes()
    _ = try FileHasher.digest(of: path)
    #expect(residentKilobytes() - before < 50_000)
  }

  private func residentKilobytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
  }
}

// What components of a key stand for, and keys that name many files by one list.

import BatchModel
import Foundation
import Testing

@Suite struct KeySourceTests {
  private static let digest = Digest(of: "x")

  @Test("A component is read as what it was written as")
  func sources() {
    let artifact = Artifact(
      path: "out/a b", object: SealedObject(digest: Self.digest, sizeBytes: 1))
    #expect(KeyComponent.file("a/b", .recipe, Self.digest).source == .file(path: "a/b"))
    #expect(KeyComponent.upstream(artifact).source == .upstream(path: "out/a b"))
    #expect(KeyComponent.candidate(ofStep: "write", Self.digest).source == .step("write"))
    #expect(KeyComponent.commit("abc", ofStep: "write").source == .commit(step: "write"))
    #expect(KeyComponent.list("src/*", FileList([:])).source == .list(glob: "src/*"))
    for name in ["payload", "target", "after", "step", "environment X"] {
      #expect(KeyComponent(name: name, half: .input, digest: Self.digest).source == .value)
    }
    // A check may have any name; it is no source.
    #expect(KeyComponent(name: "step x", half: .recipe, digest: Self.digest).source == .value)
  }

  @Test("A list in the place of its files leaves the key as it was, and travels with it")
  func replacing() throws {
    let files = ["a", "b", "c"].map { KeyComponent.file($0, .input, Digest(of: $0)) }
    let payload = KeyComponent(name: "payload", half: .input, digest: Self.digest)
    let whole = StepKey(components: files + [payload], reads: ["*", "*"])
    let list = FileList(["a": Digest(of: "a"), "b": Digest(of: "b")])
    let short = whole.replacing(["file a", "file b"], by: .list("*", list))
    #expect(short.key == whole.key && short.inputDigest == whole.inputDigest)
    #expect(short.components.map(\.name) == ["file c", "payload", "reads *"])
    let read = try JSONDecoder().decode(StepKey.self, from: JSONEncoder().encode(short))
    #expect(read == short && read.reads == ["*"])
    // A key that was written before there were globs in it.
    let plain = StepKey(components: [payload])
    let text = String(decoding: try JSONEncoder().encode(plain), as: UTF8.self)
    #expect(!text.contains("reads"))
    #expect(try JSONDecoder().decode(StepKey.self, from: Data(text.utf8)) == plain)
  }

  @Test("A list is one object however it was gathered, and says how it differs from another")
  func lists() {
    let names = (0..<9).map { "f\($0)\n\"\u{7}" }
    let one = FileList(Dictionary(uniqueKeysWithValues: names.map { ($0, Digest(of: $0)) }))
    let other = FileList(
      Dictionary(uniqueKeysWithValues: names.reversed().map { ($0, Digest(of: $0)) }))
    #expect(one.bytes == other.bytes && FileList(one.bytes) == one)
    for bytes in ["", "[]", "{\"a\": 1}", "{\"a\": \"b\"}", "{"] {
      #expect(FileList(Array(bytes.utf8)) == nil)
    }
    let before = FileList(["a": Digest(of: "1"), "b": Digest(of: "1"), "d": Digest(of: "1")])
    let after = FileList(["a": Digest(of: "2"), "c": Digest(of: "1"), "d": Digest(of: "1")])
    #expect(
      after.sentence(since: before) == "file a changed, file b removed, file c added")
    #expect(after.sentence(since: before, most: 1) == "file a changed, and 2 more")
  }
}

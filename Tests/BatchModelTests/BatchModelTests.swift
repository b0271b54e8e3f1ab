// The shared values: digests, canonical JSON, keys, the ledger's JSON, times.

import BatchModel
import Foundation
import Resilience
import Testing

@Suite("A digest")
struct DigestTests {
  @Test("of known bytes is the published SHA-256 value")
  func known() {
    #expect(
      Digest(of: "abc").description
        == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("of a stream is the digest of its concatenation, however it is cut")
  func chunks() {
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for size in [1, 7, 64, 4_096] {
      var hasher = DigestHasher()
      for start in stride(from: 0, to: bytes.count, by: size) {
        hasher.update(bytes[start..<min(start + size, bytes.count)])
      }
      #expect(hasher.finish() == Digest(of: bytes))
    }
  }

  @Test(
    "is not read from anything but 64 lower-case hexadecimal digits",
    arguments: ["", "sha256:", "sha256:ABC", String(repeating: "g", count: 64)])
  func malformed(text: String) {
    #expect(Digest(text) == nil)
  }
}

@Suite("Canonical JSON")
struct CanonicalJSONTests {
  @Test("sorts members at every depth and leaves no white space")
  func sorted() throws {
    let value = try JSONValue(parsing: #"{ "b": [1, {"z": 0, "a": null}], "a": "x" }"#)
    #expect(value.canonical == #"{"a":"x","b":[1,{"a":null,"z":0}]}"#)
  }

  @Test("sorts by UTF-16 code units, as RFC 8785 says")
  func utf16() {
    let value = JSONValue.object(["\u{FB33}": .integer(1), "\u{1F600}": .integer(2)])
    #expect(value.canonical == "{\"\u{1F600}\":2,\"\u{FB33}\":1}")
  }

  @Test("escapes control characters and keeps everything else")
  func escapes() {
    #expect(
      JSONValue.string("a\u{1}\n\"\\é\u{202E}").canonical == "\"a\\u0001\\n\\\"\\\\é\u{202E}\"")
  }

  @Test("writes whole numbers without a fraction, so 1 and 1.0 are one value")
  func numbers() throws {
    #expect(
      try JSONValue(parsing: "[1.0, 1, 0.5, 9007199254740993]").canonical
        == "[1,1,0.5,9007199254740993]")
  }
}

@Suite("A step's key")
struct StepKeyTests {
  private func component(_ name: String, _ half: KeyHalf, _ text: String) -> KeyComponent {
    KeyComponent(name: name, half: half, digest: Digest(of: text))
  }

  @Test("does not depend on the order in which its components were found")
  func order() {
    let parts = [component("payload", .input, "p"), component("arguments", .recipe, "a")]
    #expect(StepKey(components: parts) == StepKey(components: parts.reversed()))
  }

  @Test("changes in the input half alone when a file changes, and names the file")
  func inputHalf() {
    let before = StepKey(components: [
      component("file A.swift", .input, "1"), component("arguments", .recipe, "a"),
    ])
    let after = StepKey(components: [
      component("file A.swift", .input, "2"), component("arguments", .recipe, "a"),
    ])
    #expect(before.recipeDigest == after.recipeDigest)
    #expect(before.inputDigest != after.inputDigest)
    #expect(before.key != after.key)
    #expect(
      after.changes(since: before)
        == [KeyChange(name: "file A.swift", half: .input, kind: .changed)])
  }

  @Test("names components that were added and removed")
  func addedAndRemoved() {
    let before = StepKey(components: [component("prompt", .recipe, "p")])
    let after = StepKey(components: [component("check lint", .recipe, "c")])
    #expect(
      after.changes(since: before) == [
        KeyChange(name: "check lint", half: .recipe, kind: .added),
        KeyChange(name: "prompt", half: .recipe, kind: .removed),
      ])
  }
}

@Suite("A ledger event's JSON")
struct ChangeCodingTests {
  private static let usage = ProcessUsage(elapsedMilliseconds: 5, outputBytes: 7)
  private static let result = ResultRecorded(
    attempt: AttemptID(3), item: ItemID(4), step: 0,
    candidate: SealedObject(digest: Digest(of: "c"), sizeBytes: 1), usage: usage)
  private static let failure = Failure(kind: .exit, status: 2, message: "no")
  static let changes: [Change] = [
    .runMoved(RunMoved(run: RunID("run-1"), to: .paused, why: "paused by hand", by: "ada")),
    .itemsEnqueued(ItemsEnqueued(run: RunID("run-1"), count: 2, object: Digest(of: "o"))),
    .attemptLaunched(AttemptLaunched(attempt: AttemptID(3), item: ItemID(4), pid: 99)),
    .attemptEnded(
      AttemptEnded(
        attempt: AttemptID(3), item: ItemID(4), outcome: .failed, failure: failure,
        signature: Signature(text: "exit 2: no"), usage: usage)),
    .resultRecorded(result),
    .stepDone(
      StepDone(
        attempt: AttemptID(3), item: ItemID(4), step: 0, artifacts: [], nextStep: nil,
        result: result)),
    .itemMoved(
      ItemMoved(
        item: ItemID(4), to: .waiting, step: 0, tries: 1, waitReason: .retry,
        until: Instant(milliseconds: 77))),
    .itemsMoved(
      ItemsMoved(
        run: RunID("run-1"), action: .retry(fromStep: nil, overrides: Overrides()), count: 1,
        object: Digest(of: "i"), by: "ada")),
  ]

  @Test("carries its type and comes back as the same change", arguments: changes)
  func roundTrip(change: Change) throws {
    let data = try JSONEncoder().encode(change)
    let object = try JSONValue(parsing: String(decoding: data, as: UTF8.self))
    #expect(object["type"]?.string == change.kind.rawValue)
    #expect(try JSONDecoder().decode(Change.self, from: data) == change)
  }
}

@Suite("An instant's text")
struct InstantTextTests {
  @Test(
    "is RFC 3339 in UTC",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (1_771_035_247_381, "2026-02-14T02:14:07.381Z"),
    ] as [(Int64, String)])
  func text(milliseconds: Int64, text: String) {
    #expect(Instant(milliseconds: milliseconds).rfc3339 == text)
    #expect(Instant(rfc3339: text) == Instant(milliseconds: milliseconds))
  }

  @Test("is not read from other forms", arguments: ["", "2026-02-14", "2026-13-01T00:00:00Z"])
  func malformed(text: String) {
    #expect(Instant(rfc3339: text) == nil)
  }
}

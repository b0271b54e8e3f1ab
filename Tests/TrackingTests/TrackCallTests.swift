// What a hook's line becomes: words, paths, languages, and the JSON that an engine reads.

import BatchModel
import Foundation
import Resilience
import Testing

@testable import Tracking

@Suite("A hook's call")
struct TrackCallTests {
  @Test(
    "A file's language and nature come from its name and its first bytes",
    arguments: [
      ("Sources/A.swift", "", "swift", "code"), ("Tests/ATests.swift", "", "swift", "test"),
      ("a/test/x.py", "", "python", "test"),
      ("bin/tool", "#!/usr/bin/env python3\n", "python", "code"),
      ("run", "#!/bin/sh -e\n", "shell", "code"), ("README.MD", "", nil, "documentation"),
      ("Makefile", "", nil, "configuration"), ("x.png", "", nil, "image"),
      ("x.dat", "a\u{0}b", nil, "binary"), ("notes", "hello", nil, "text"),
      ("weird.", "", nil, "text"), ("", "", nil, "text"),
      ("x.swift", "\u{7F}ELF", "swift", "binary"),
    ] as [(String, String, String?, String)])
  func natures(path: String, head: String, language: String?, nature: String) {
    let found = FileNature(path: path, head: Array(head.utf8))
    #expect(found.language == language && found.name == nature)
  }

  @Test("The quick reader understands a hook's line, and leaves everything else to the other one")
  func arguments() {
    #expect(
      TrackArguments(
        "created a b --from c d --reason because -C /w e".split(separator: " ").map(String.init))
        == TrackArguments(
          action: .created, paths: ["a", "b", "e"], from: ["c", "d"], reason: "because",
          folder: "/w"))
    for line in [
      "", "created", "eaten a", "created --from a", "created a --nope", "created a --reason",
      "created a -C", "created a --reason=x", "created -h",
    ] {
      #expect(TrackArguments(line.split(separator: " ").map(String.init)) == nil, "\(line)")
    }
  }

  @Test("Paths become absolute without the help of a file system")
  func paths() {
    #expect(TrackCall.absolute("a/./b/../c//d", in: "/w") == "/w/a/c/d")
    #expect(TrackCall.absolute("../../x", in: "/w") == "/x")
    #expect(TrackCall.absolute("/a/", in: "/w") == "/a")
  }

  @Test("The quick JSON is what the decoder reads", arguments: ["plain", "\"\\\u{0}\u{85}🚂\n"])
  func json(text: String) throws {
    let whole = ArtifactTracked(
      action: .merged, path: text, digest: Digest(of: text), sizeBytes: 1, modifiedMilliseconds: -2,
      from: [text, ""], reason: text, source: text, language: text, nature: text,
      toldAt: Instant(nanoseconds: 3), itemKey: text, attempt: 4)
    let bare = ArtifactTracked(
      action: .created, path: "p", source: "s", nature: "n", toldAt: Instant(nanoseconds: .max))
    for artifact in [whole, bare] {
      let data = Data(artifact.json.canonical.utf8)
      #expect(try JSONDecoder().decode(ArtifactTracked.self, from: data) == artifact)
    }
  }
}

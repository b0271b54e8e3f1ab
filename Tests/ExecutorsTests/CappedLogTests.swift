// The log's bounds, its marker, and what a reader sees of it while it grows.

import BatchModel
import Foundation
import Glibc
import Resilience
import Testing

@testable import Executors

@Suite struct CappedLogTests {
  let workspace: TestWorkspace
  init() throws { workspace = try TestWorkspace() }

  private func log(head: Int = 100, tail: Int = 50) -> CappedLog {
    CappedLog(
      LogOrder(path: workspace.logPath(1), headBytesMax: head, tailBytesMax: tail),
      mask: SecretMask(secrets: ["hunter2-hunter2"]))
  }

  private func append(
    _ text: String, to log: CappedLog, from stream: ProcessStream = .output, at now: UInt64 = 0
  ) {
    Array(text.utf8).withUnsafeBytes { log.append($0, from: stream, at: now) }
  }

  private func openLog() throws -> LogReader {
    guard let reader = LogReader(path: workspace.logPath(1)) else {
      throw CocoaError(.fileNoSuchFile)
    }
    return reader
  }

  @Test func `A log within its bounds is kept whole, in the order of arrival`() throws {
    let log = log()
    append("a\n", to: log)
    append("b\n", to: log, from: .error)
    append("c\n", to: log)
    log.close()
    #expect(try workspace.text(workspace.logPath(1)) == "a\nb\nc\n")
  }

  @Test func `Only its owner may read it`() throws {
    let log = log()
    append("a", to: log)
    log.close()
    var status = stat()
    #expect(stat(workspace.logPath(1), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func `The middle of a longer log is replaced by its exact length`() throws {
    let log = log()
    append(String(repeating: "h", count: 100), to: log)
    for _ in 0..<1000 { append(String(repeating: "m", count: 10), to: log) }
    append(String(repeating: "t", count: 50), to: log)
    log.close()
    let text = try workspace.text(workspace.logPath(1))
    let head = String(repeating: "h", count: 100)
    #expect(text.hasPrefix(head + "\n[… 10000 bytes left out …]\n"))
    #expect(text.hasSuffix(String(repeating: "t", count: 50)))
  }

  @Test func `A reader that follows sees every byte that was written in time`() throws {
    let log = log(head: 1000, tail: 300_000)
    append("begin", to: log)
    var reader = try openLog()
    var seen: [UInt8] = []
    var written = Array("begin".utf8)
    var now: UInt64 = 0
    for round in 0..<40 {
      let text = String(repeating: "\(round % 10)", count: 50_000)
      append(text, to: log, at: now)
      written.append(contentsOf: text.utf8)
      now += 200_000_000
      log.flush(at: now)
      while true {
        let bytes = try reader.next()
        if bytes.isEmpty { break }
        seen.append(contentsOf: bytes)
      }
    }
    let isComplete = seen == written
    #expect(isComplete, "\(seen.count) of \(written.count) bytes")
    var status = stat()
    #expect(stat(workspace.logPath(1), &status) == 0)
    #expect(Int(status.st_blocks) * 512 < 1_000_000, "the middle's blocks are given back")
    let wasReplaced = reader.isReplaced
    log.close()
    let isReplaced = reader.isReplaced
    #expect(!wasReplaced && isReplaced)
  }

  @Test func `A reader that comes late is told what is missing`() throws {
    let log = log(head: 4096, tail: 8192)
    for round in 0..<100 {
      append(String(repeating: "x", count: 8192), to: log, at: UInt64(round) * 200_000_000)
      log.flush(at: UInt64(round) * 200_000_000)
    }
    var reader = try openLog()
    var seen = ""
    while true {
      let bytes = try reader.next()
      if bytes.isEmpty { break }
      seen += String(decoding: bytes, as: UTF8.self)
    }
    #expect(seen.contains("bytes left out …]"))
    #expect(seen.utf8.count < 400_000)
    #expect(!seen.contains("\0"))
    log.close()
  }

  @Test func `A flood leaves out bytes but no part of a secret`() throws {
    let log = log(head: 100, tail: 50_000)
    append(String(repeating: "h", count: 100), to: log)
    // All at one moment: nothing is flushed, so the front of what waits is dropped.
    // The chunks cut the secret at every place.
    let stream = String(repeating: "hunter2-hunter2 ", count: 20_000)
    var rest = stream[...]
    while !rest.isEmpty {
      append(String(rest.prefix(39_999)), to: log)
      rest = rest.dropFirst(39_999)
    }
    log.close()
    let text = try workspace.text(workspace.logPath(1))
    #expect(text.contains("bytes left out …]"))
    #expect(!text.contains("hunter2"))
    #expect(!text.contains("unter") && !text.contains("nter2") && !text.contains("ter2-"))
    #expect(text.utf8.count < 70_000)
  }

  @Test func `A secret that is cut by two chunks is masked in its stream`() throws {
    let log = log()
    append("key=hunter2-", to: log)
    append("[noise]", to: log, from: .error)
    append("hunter2.\n", to: log)
    log.close()
    #expect(try workspace.text(workspace.logPath(1)) == "key=[noise]***.\n")
  }
}

@Suite struct SecretMaskTests {
  @Test(
    arguments: [
      ("Authorization: Bearer abcdefgh12345", "Authorization: Bearer ***"),
      ("sk-ant-api03-AbCdEfGhIjKlMnOp end", "*** end"),
      ("OPENAI_API_KEY=sk-proj-0123456789abcdef", "OPENAI_API_KEY=***"),
      ("https://x/ghp_0123456789abcdefghijABCDEFGHIJ012345/", "https://x/***"),
      ("AKIAIOSFODNN7EXAMPLE", "***"),
      ("task-force-of-many-words-in-a-row", "task-force-of-many-words-in-a-row"),
      ("sk-short and Bearer x", "sk-short and Bearer x"),
      ("the password is swordfish!", "the password is ***!"),
      ("swordfishes", "***"),
      ("Swordfish", "Swordfish"),
      ("", ""),
    ])
  func `Declared secrets and token shapes are masked and nothing else`(
    text: String, masked: String
  ) {
    #expect(SecretMask(secrets: ["swordfish", "swordfishes", "abc"]).masked(text) == masked)
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func `However the stream is cut, the result is the same`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let mask = SecretMask(secrets: ["swordfish", "swordfishes", "line one\nline two"])
    let parts = [
      "swordfish", "swordfishes", "sword", "fish", "sk-", "sk-0123456789abcdefXYZ", " ", "\n",
      "Bearer ", "line one\n", "line two", "AKIAIOSFODNN7EXAMPLE", "x", "ghp_", "eyJ", "-", "s",
    ]
    for _ in 0..<200 {
      let text = (0..<12).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
      let bytes = Array(text.utf8)
      var filter = SecretFilter(mask)
      var output: [UInt8] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let chunk = Array(rest.prefix(Int.random(in: 1...9, using: &random)))
        rest = rest.dropFirst(chunk.count)
        chunk.withUnsafeBytes { filter.filter($0, into: &output) }
      }
      filter.finish(into: &output)
      #expect(String(decoding: output, as: UTF8.self) == mask.masked(text), "\(text)")
    }
  }

  @Test func `A message that was cut does not end with the beginning of a secret`() {
    let mask = SecretMask(secrets: ["swordfish"])
    #expect(mask.masked(Array("key swordf".utf8), isCut: true) == Array("key ".utf8))
    #expect(mask.masked(Array("key swordf".utf8), isCut: false) == Array("key swordf".utf8))
  }
}

@Suite struct LastLineTests {
  private func last(_ chunks: String...) -> String {
    var line = LastLine()
    for chunk in chunks { Array(chunk.utf8).withUnsafeBytes { line.append($0) } }
    return String(decoding: line.line.bytes, as: UTF8.self)
  }

  @Test func `The last line that is not blank counts, however the stream is cut`() {
    #expect(last("one\ntwo\n") == "two")
    #expect(last("one\ntwo") == "two")
    #expect(last("one\ntwo\n\n  \n\t") == "two")
    #expect(last("one\n", "t", "wo", "\n", "\n") == "two")
    #expect(last("one\ntw", "o\n \n\n") == "two")
    #expect(last("\n\n", "") == "")
  }

  @Test func `A line without an end is kept up to its bound`() {
    var line = LastLine()
    for _ in 0..<100 {
      [UInt8](repeating: 120, count: 1000).withUnsafeBytes { line.append($0) }
    }
    #expect(line.line.bytes.count == LastLine.bytesMax)
    #expect(line.line.isCut)
  }
}

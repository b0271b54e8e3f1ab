// `footplate track` as hooks call it: fast, silent, never failing, and true in the ledger afterwards.

import Foundation
import Testing

@Suite(.turn) struct TrackTests {
  private struct Stats: Decodable {
    var recorded: Int
    var repeated: Int
    var files: Int
    var waiting: Int
    var refused: Int
    var dropped: Int
    var byAction: [String: Int]
    var byLanguage: [String: Int]
  }

  private struct Entry: Decodable {
    var event: Tracked
  }

  private struct Tracked: Decodable {
    var type: String
    var path: String?
    var action: String?
    var from: [String]?
    var reason: String?
    var language: String?
    var nature: String?
    var source: String?
    var digest: String?
  }

  private static func folder(more: String = "") throws -> BatchFolder {
    let folder = try BatchFolder()
    try folder.define(
      """
      items: {list: [a]}
      steps: [{id: one, run: 'echo {{line}}'}]
      \(more)
      """)
    return folder
  }

  private static func stats(_ folder: BatchFolder) async throws -> Stats {
    try await folder.footplate("track", "stats", "--json").document()
  }

  private static func tracked(_ folder: BatchFolder) async throws -> [Tracked] {
    let entries: [Entry] = try await folder.footplate("ledger", "--json").records()
    return entries.map(\.event).filter { $0.type == "artifact.tracked" }
  }

  @Test("A hook's event waits for the next engine and stands in the ledger then, once")
  func takenUp() async throws {
    let folder = try Self.folder()
    try await folder.run()
    try folder.write("let x = 1\n", to: "Sources/X.swift")
    try folder.write("# x\n", to: "docs/x.md")
    for _ in 0..<3 {
      let ended = try await folder.footplate(
        "track", "created", "\(folder.path)/Sources/X.swift", "\(folder.path)/docs/x.md",
        "--from", "\(folder.path)/spec.md", "\(folder.path)/other.md", "--reason", "the spec asks")
      #expect(ended.status == 0 && ended.output.isEmpty && ended.complaints.isEmpty, "\(ended)")
    }
    #expect(try await Self.stats(folder).waiting == 1)
    let spool = Files.tree("\(folder.path)/.footplate/track")
    #expect(spool.count == 1)
    try await folder.run()
    try await folder.footplate("track", "created", "\(folder.path)/Sources/X.swift")
    try folder.write("let x = 2\n", to: "Sources/X.swift")
    try await folder.footplate("track", "modified", "\(folder.path)/Sources/X.swift")
    try await folder.run()
    let tracked = try await Self.tracked(folder)
    #expect(tracked.map(\.path) == ["Sources/X.swift", "docs/x.md", "Sources/X.swift"])
    #expect(tracked.map(\.action) == ["created", "created", "modified"])
    #expect(tracked.map(\.nature) == ["code", "documentation", "code"])
    #expect(tracked[0].language == "swift" && tracked[0].source == "hook")
    #expect(tracked[0].from == ["spec.md", "other.md"] && tracked[0].reason == "the spec asks")
    #expect(tracked[0].digest != tracked[2].digest)
    let stats = try await Self.stats(folder)
    #expect(stats.recorded == 3 && stats.repeated == 1 && stats.files == 2 && stats.waiting == 0)
    let verified = try await folder.footplate("ledger", "--verify")
    #expect(verified.status == 0, "\(verified)")
  }

  @Test(
    "A hook inside a step tells of its item, and its event reaches the sink of a running engine")
  func insideStep() async throws {
    let sink = try SinkServer()
    let folder = try BatchFolder()
    try folder.define(
      """
      items: {list: [a]}
      steps:
        - id: one
          run: 'echo hi > made.py; "$PROGRAM" track created made.py; echo {{line}}'
      events: {sink: "\(sink.url)"}
      """)
    let ended = try await folder.footplate(
      "run", "--headless", environment: ["PROGRAM": BatchFolder.program])
    #expect(ended.status == 0, "\(ended)")
    let event = try #require(sink.events.first { $0.type == "footplate.artifact.tracked" })
    #expect(event.subject == "made.py")
    #expect(event.data.contains("\"itemKey\":\"a\"") && event.data.contains("\"step one\""))
    #expect(event.data.contains("\"language\":\"python\""))
  }

  @Test("Nothing makes it fail: no workspace, wrong words, a missing file, a full spool, a switch")
  func neverFails() async throws {
    let folder = try Self.folder()
    let nowhere = try await folder.footplate("track", "created", "x")
    #expect(nowhere.status == 0 && nowhere.complaints.isEmpty, "\(nowhere)")
    #expect(!folder.exists(".footplate"))
    try await folder.run()
    for words in [
      ["track", "eaten", "x"], ["track", "created", "--nope"], ["track", "created", "/etc/passwd"],
    ] {
      let ended = try await folder.start(words).wait()
      #expect(ended.status == 0 && !ended.complaints.isEmpty, "\(ended)")
    }
    #expect(try await Self.stats(folder).waiting == 0)
    let off = try await folder.footplate(
      "track", "created", "\(folder.path)/gone.txt", environment: ["FOOTPLATE_TRACK": "off"])
    #expect(off.status == 0)
    #expect(try await Self.stats(folder).waiting == 0)
    let small = ["FOOTPLATE_TRACK_SPOOL": "1"]
    for name in ["gone.txt", "footplate.yaml"] {
      let ended = try await folder.footplate(
        "track", "merged", "\(folder.path)/\(name)", environment: small)
      #expect(ended.status == 0, "\(ended)")
    }
    let stats = try await Self.stats(folder)
    #expect(stats.waiting == 1 && stats.dropped == 1)
  }

  @Test("What is no hook's file in the spool is set aside, and the rest is taken up")
  func hostileSpool() async throws {
    let folder = try Self.folder()
    try await folder.run()
    try await folder.footplate("track", "applied", "\(folder.path)/footplate.yaml")
    for (name, text) in [
      ("a.json", "{"), ("b.json", "[]"), ("c.json", String(repeating: "x", count: 2 << 20)),
    ] {
      try folder.write(text, to: ".footplate/track/\(name)")
    }
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/.footplate/track/d.json", withDestinationPath: "/etc/passwd")
    #expect(mkfifo("\(folder.path)/.footplate/track/e.json", 0o600) == 0)
    try await folder.run()
    let stats = try await Self.stats(folder)
    #expect(stats.recorded == 1 && stats.waiting == 0 && stats.refused == 5)
  }

  @Test("The hooks' own program leaves what the command leaves, and passes on what it cannot do")
  func ownProgram() async throws {
    let folder = try Self.folder()
    try await folder.run()
    try folder.write("#!/usr/bin/env python3\n", to: "bin/tool")
    let secret = ["SOME_TOKEN": "hunter2-hunter2", "FOOTPLATE_STEP": "one"]
    let words = [
      "created", "\(folder.path)/bin/tool", "--from", "\(folder.path)/spec.md",
      "--reason", "hunter2-hunter2 asks", "-C", folder.path,
    ]
    var found: [[String: String]] = []
    for call in [(BatchFolder.program, ["track"]), (BatchFolder.program + "-track", [])] {
      let ended = try await folder.tool(call.0, call.1 + words, environment: secret)
      #expect(ended.status == 0 && ended.output.isEmpty && ended.complaints.isEmpty, "\(ended)")
      let spool = Files.tree("\(folder.path)/.footplate/track")
      // The time at which they were called is theirs alone.
      let text = spool.map { folder.text(".footplate/track/\($0)") }.map {
        $0.replacing(/"toldAt":{[^}]*}/, with: "")
      }
      found.append(Dictionary(uniqueKeysWithValues: zip(spool, text)))
    }
    #expect(found[0].count == 1 && found[0] == found[1])
    #expect(found[0].values.allSatisfy { $0.contains("*** asks") && $0.contains("\"step one\"") })
    let program = BatchFolder.program + "-track"
    let stats = try await folder.tool(program, ["stats", "-C", folder.path])
    #expect(stats.output.contains("waiting 1"), "\(stats)")
    let help = try await folder.tool(program, ["--help"])
    #expect(help.status == 0 && help.output.contains("always ends with 0"), "\(help)")
    for words in [["eaten", "x"], ["created", "/etc/\u{1B}[31m"]] {
      let ended = try await folder.tool(program, words + ["-C", folder.path])
      #expect(ended.status == 0 && !ended.complaints.isEmpty, "\(ended)")
      #expect(!ended.complaints.contains("\u{1B}"))
    }
  }

  @Test("The hooks' own program stands alone: without the rest it says so, and fails nobody")
  func alone() async throws {
    let folder = try Self.folder()
    let copy = "\(folder.path)/footplate-track"
    try FileManager.default.copyItem(atPath: BatchFolder.program + "-track", toPath: copy)
    let nowhere = ["PATH": "/nonexistent"]
    let passed = try await folder.tool(copy, ["stats"], environment: nowhere)
    #expect(passed.status == 0 && passed.complaints.contains("neither beside it nor in PATH"))
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/.footplate", withIntermediateDirectories: true)
    let noted = try await folder.tool(
      copy, ["created", "\(folder.path)/footplate.yaml", "-C", folder.path], environment: nowhere)
    #expect(noted.status == 0 && noted.complaints.isEmpty, "\(noted)")
    #expect(Files.tree("\(folder.path)/.footplate/track").count == 1)
  }

  @Test("It is over in milliseconds while an engine works on the workspace, without its lock")
  func quick() async throws {
    let folder = try BatchFolder()
    try folder.define(
      """
      items: {list: [a]}
      steps: [{id: one, run: 'sleep 60'}]
      """)
    let engine = try folder.start(["run", "--headless"])
    try await eventually("it runs") { folder.exists(".footplate/gauges.json") }
    let start = ContinuousClock.now
    for number in 1...50 {
      let ended = try await folder.footplate(
        "track", "modified", "\(folder.path)/footplate.yaml", "--reason", "\(number)")
      #expect(ended.status == 0, "\(ended)")
    }
    // It waits for nobody; Benchmarks/outbox.sh measures it, on a quiet machine and a release build.
    #expect((ContinuousClock.now - start) / 50 < .seconds(2))
    try await eventually("the engine takes it up", within: 30) {
      Files.tree("\(folder.path)/.footplate/track").filter { $0.hasSuffix(".json") }.isEmpty
    }
    #expect(try await Self.stats(folder).recorded == 1)
    try await folder.footplate("stop", "--now")
    _ = try await engine.wait()
  }
}

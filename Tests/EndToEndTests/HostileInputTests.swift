// Names, contents and outputs that mean harm: nothing of them is executed, printed raw, or written
// outside the workspace.

import Foundation
import Glibc
import Testing

@Suite(.turn) struct HostileInputTests {
  /// File names that shells, terminals and careless programs trip over.
  private static let names = [
    "a b.txt", "it's.txt", "say \"hi\".txt", "line\nbreak.txt", "$(touch pwned).txt",
    "; touch pwned;.txt", "`touch pwned`.txt", "&& touch pwned #.txt", "$HOME.txt", "-rf.txt",
    "--.txt", "*.txt", "?[a].txt", "back\\slash.txt", "tab\there.txt", "{{key}}.txt",
    "\u{1B}[31mred\u{1B}[0m.txt", "\u{1B}]0;title\u{07}.txt", "\u{9B}2J.txt",
    "\u{202E}txt.evil.txt",
    "\u{200B}zero.txt", "e\u{301}\u{301}\u{301}.txt", "\u{FEFF}bom.txt", "🚂.txt", "#1.txt",
    String(repeating: "x", count: 251) + ".txt", " lead.txt", "%s%n.txt", "a:b|c<d>.txt",
  ]

  private func batch(run: String) throws -> BatchFolder {
    let batch = try BatchFolder()
    for name in Self.names { try batch.write("content of \(name)", to: name) }
    try batch.define(
      """
      items: {glob: "*.txt"}
      steps:
        - {id: one, run: \(run), output: "out/{{name}}"}
      parallel: 4
      retry: {attempts: 1}
      """)
    return batch
  }

  @Test(
    "Hostile names are values: in a shell line, in an argument vector, and as outputs",
    arguments: [
      "'printf %s {{key}} > /dev/null; cat -- {{path}}; echo x >> \"$COUNT\"'",
      "[sh, -c, 'cat -- \"$1\"; echo x >> \"$COUNT\"', sh, '{{path}}']",
    ])
  func names(run: String) async throws {
    let batch = try batch(run: run)
    let ended = try await batch.run()
    expectHarmless(ended)
    for name in Self.names {
      #expect(batch.text("out/\(name)") == "content of \(name)", "\(name.debugDescription)")
    }
    #expect(batch.executions.count == Self.names.count)
    #expect(Files.tree(batch.path).allSatisfy { !$0.hasSuffix("pwned") })
    try await expectHarmlessCommands(batch)
    try await batch.run()
    #expect(batch.executions.count == Self.names.count, "the second run knows them all")
    #expect(try await batch.footplate("verify").status == 0)
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
  }

  /// Every command that prints names prints them so that a terminal stays as it is.
  private func expectHarmlessCommands(_ batch: BatchFolder) async throws {
    for arguments in [
      ["status"], ["plan"], ["receipts"], ["runs"], ["failures"], ["show", "#3"], ["why", "#7"],
      ["render", "#9"], ["verify"], ["ledger"], ["logs", "#5"],
    ] {
      expectHarmless(try await batch.start(arguments).wait())
    }
    let items = try await batch.footplate("export", "items")
    expectHarmless(items, isJSON: true)
    let records: [ItemRecord] = try items.records()
    #expect(Set(records.map(\.key)) == Set(Self.names))
  }

  /// No control character but line ends, and nothing that turns text around.
  private func expectHarmless(
    _ ended: Ended, isJSON: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let scalars = (ended.output + ended.complaints).unicodeScalars
    let controls = scalars.filter {
      ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value)
    }
    #expect(controls.isEmpty, "\(Array(controls))", sourceLocation: sourceLocation)
    guard !isJSON else { return }
    let turning = scalars.filter {
      (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value)
    }
    #expect(turning.isEmpty, "\(Array(turning))", sourceLocation: sourceLocation)
  }

  @Test("What a command prints reaches no terminal raw")
  func output() async throws {
    let batch = try BatchFolder()
    try batch.define(
      #"""
      items: {list: [a]}
      steps:
        - id: one
          run: |
            printf '\033]0;owned\007\033[2J\302\2332J\342\200\256evil\r\bback\377\n' >&2
            exit 3
      retry: {attempts: 1}
      """#)
    expectHarmless(try await batch.run(exits: 1))
    for arguments in [
      ["why", "a"], ["failures"], ["show", "a"], ["status"], ["logs", "a"],
      ["failures", "--group", "G-01"], ["ledger"],
    ] {
      expectHarmless(try await batch.start(arguments).wait())
    }
  }

  @Test("A name that is no UTF-8 costs itself, not the batch")
  func brokenName() async throws {
    let batch = try BatchFolder()
    try batch.write("fine", to: "fine.txt")
    let bytes: [CChar] =
      (Array("\(batch.path)/bad".utf8) + [0xFF, 0xFE] + Array(".txt".utf8) + [0])
      .map { CChar(bitPattern: $0) }
    close(open(bytes, O_WRONLY | O_CREAT, 0o644))
    try batch.define(
      """
      items: {glob: "*.txt"}
      steps: [{id: one, run: 'cat {{path}}', output: "out/{{name}}"}]
      """)
    let ended = try await batch.footplate("run", "--headless")
    expectHarmless(ended)
    #expect(batch.text("out/fine.txt") == "fine")
    #expect(ended.complaints.contains("UTF-8"), "\(ended)")
  }

  @Test("An output that leaves the workspace is refused, and nothing is written there")
  func leavingOutputs() async throws {
    let batch = try BatchFolder()
    let outside = try BatchFolder()
    symlink(outside.path, "\(batch.path)/link")
    try batch.write(
      """
      {"to": "\(outside.path)/absolute"}
      {"to": "../up"}
      {"to": "a/../../up"}
      {"to": "link/through"}
      {"to": ".footplate/objects/x"}
      {"to": ""}
      {"to": "ok/./fine"}
      """, to: "in.jsonl")
    try batch.define(
      """
      items: {jsonl: in.jsonl, key: "to {{to}}"}
      steps: [{id: one, run: 'echo out', output: "{{to}}"}]
      retry: {attempts: 1}
      """)
    try await batch.run(exits: 1)
    let items = try await batch.items()
    #expect(items.filter { $0.state == "done" }.map(\.key) == ["to ok/./fine"])
    #expect(items.filter { $0.state == "failed" }.count == 6)
    for item in items where item.state == "failed" {
      #expect(!item.note.isEmpty, "\(item.key) says why")
    }
    #expect(batch.text("ok/fine") == "out\n")
    #expect(Files.tree(outside.path).isEmpty)
    #expect(!Files.exists(batch.path + "/../up"))
  }

  @Test(
    "An output that leaves the workspace for everybody is a mistake of the definition",
    arguments: ["/etc/passwd", "../x", "a/../../x", ".footplate/x"])
  func leavingDefinition(output: String) async throws {
    let batch = try BatchFolder()
    try batch.define(
      "items: {list: [a]}\nsteps: [{id: one, run: 'echo x', output: '\(output)'}]")
    let refused = try await batch.footplate("run", "--headless")
    #expect(refused.status == 2, "\(refused)")
    #expect(refused.complaints.contains("footplate.yaml:4:"), "\(refused)")
  }

  @Test("Of two items that publish the same path one has it and the other says so")
  func samePath() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [first, second]}
      steps: [{id: one, run: 'echo {{line}}', output: out/same}]
      parallel: 1
      retry: {attempts: 1}
      """)
    try await batch.run(exits: 1)
    let items = try await batch.items()
    #expect(items.filter { $0.state == "done" }.count == 1)
    let failed = try #require(items.first { $0.state == "failed" })
    let done = try #require(items.first { $0.state == "done" })
    #expect(failed.note.contains("out/same"))
    #expect(failed.note.contains(done.key))
    #expect(batch.text("out/same") == "\(done.key)\n")
  }

  @Test("What is private stays private, whatever the umask")
  func permissions() async throws {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [a, b]}
      steps:
        - {id: one, run: 'echo {{line}} >&2; echo {{line}}', output: "out/{{line}}"}
      checks: [{run: [test, -s, "{{candidate}}"]}]
      """)
    let ended = try await batch.tool(
      "/bin/sh",
      ["-c", "umask 0; exec \"$0\" run --headless -C \"$1\"", BatchFolder.program, batch.path])
    #expect(ended.status == 0, "\(ended)")
    try await batch.footplate("status")
    let state = "\(batch.path)/.footplate"
    #expect(Files.mode(state) == 0o700)
    for name in Files.tree(state) {
      let mode = try #require(Files.mode("\(state)/\(name)"))
      var status = stat()
      lstat("\(state)/\(name)", &status)
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      #expect(mode & 0o077 == 0, "\(name) \(String(mode, radix: 8))")
      #expect(!isFolder || mode == 0o700, "\(name) \(String(mode, radix: 8))")
    }
  }

  @Test("A token that a command shows is masked in logs, ledger, store and on screen")
  func secrets() async throws {
    let batch = try BatchFolder()
    let token = "sk-ant-REDACTME0123456789abcdef"
    try batch.define(
      """
      items: {list: [a]}
      steps:
        - {id: one, run: 'echo "calling with $TOKEN"; echo "refused: $TOKEN" >&2; exit 5'}
      retry: {attempts: 1}
      """)
    let environment = ["TOKEN": token]
    let ended = try await batch.footplate("run", "--headless", environment: environment)
    #expect(ended.status == 1)
    #expect(!ended.output.contains("REDACTME"))
    for arguments in [["logs", "a"], ["why", "a"], ["failures"]] {
      let told = try await batch.start(arguments).wait()
      #expect(!told.output.contains("REDACTME"), "\(arguments)")
      #expect(told.output.contains("refused: ***"), "\(told)")
    }
    for name in Files.tree("\(batch.path)/.footplate") {
      let bytes = Data(Files.bytes("\(batch.path)/.footplate/\(name)"))
      #expect(bytes.range(of: Data("REDACTME".utf8)) == nil, "\(name)")
    }
  }
}

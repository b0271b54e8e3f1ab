// A batch in a git repository of a test's own.

import BatchModel
import BatchStore
import Executors
import Foundation
import Resilience
import Runtime
import Testing

/// A batch in a repository of its own.
struct Repository {
  let batch: TestBatch

  init(_ definition: String, files: [String: String] = ["shared": "old\n"]) throws {
    batch = try TestBatch("version: 1\nname: test\n" + definition, files: files)
    try batch.write(".gitignore", ".footplate/\nout/\n")
    _ = try git("init", "-q", "-b", "main")
    _ = try git("config", "user.name", "Tess Tester")
    _ = try git("config", "user.email", "tess@example.com")
    try commit()
  }

  func commit() throws {
    _ = try git("add", "-A")
    _ = try git("commit", "-q", "-m", "a step")
  }

  /// The lines of what git says.
  @discardableResult
  func git(_ words: String...) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", batch.root] + words
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "git \(words)")
    return text.split(separator: "\n").map(String.init)
  }

  func details() throws -> [ItemDetail] {
    let client = try batch.client()
    let rows = try client.store.page(
      ItemQuery(order: .source, limit: 100), of: batch.newest().run
    ).rows
    return try rows.compactMap { try client.store.detail(of: $0.id) }
  }

  func land(isDryRun: Bool = false) async throws -> CommitLanding.Report {
    try await CommitLanding(layout: batch.layout).land(run: batch.newest(), isDryRun: isDryRun)
  }

  func retryFailed() async throws { try await batch.run { $0.retryFailed = true } }

  /// Three items, each of which writes a file of its own in a worktree.
  static let writes = """
    items: {list: [a, b, c]}
    steps:
      - id: migrate
        run: "cat shared; echo by {{key}} > {{key}}.txt"
        workspace: worktree
    parallel: 2
    retry: {attempts: 1}
    """
}

// A batch in a folder of a test's own, run by real engines in this process.

import BatchDefinition
import BatchModel
import BatchStore
import DurableFiles
import Foundation
import GRDB
import Resilience
import Runtime

/// A temporary workspace; it goes with this value.
final class TestBatch: Sendable {
  /// Upper-cases three files, one artifact each, and counts its executions beside the workspace.
  static let plain = """
    version: 1
    name: test
    items: {glob: "in/*.txt"}
    steps:
      - id: up
        run: "echo x >> ../count.{{stem}}; tr a-z A-Z < {{path}}"
        output: "out/{{stem}}.txt"
    """

  let root: String
  private let scratch: String
  var layout: WorkspaceLayout { WorkspaceLayout(root: root) }
  var definitionPath: String { root + "/footplate.yaml" }

  init(_ definition: String = plain, files: [String: String] = standardFiles) throws {
    let temporary = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
    scratch = "\(temporary)/footplate-runtime-\(UUID().uuidString)"
    root = scratch + "/work"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    try write("footplate.yaml", definition)
    for (name, text) in files { try write(name, text) }
  }

  static let standardFiles = ["in/a.txt": "one", "in/b.txt": "two", "in/c.txt": "three"]

  deinit {
    // What cannot be removed stays in the temporary folder and fails no test.
    try? FileTree.remove(scratch)
  }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

  /// The text of a file; `nil` when there is none.
  func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  func mode(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
  }

  /// How often the plain definition's command was started.
  var executions: Int {
    // No folder, no executions.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: scratch)) ?? []
    return names.filter { $0.hasPrefix("count.") }.reduce(0) { sum, name in
      sum + (FileManager.default.contents(atPath: "\(scratch)/\(name)")?.count ?? 0) / 2
    }
  }

  /// Works until the engine leaves.
  @discardableResult
  func run(
    _ change: (inout RunOptions) -> Void = { _ in },
    news: @escaping @Sendable (SessionNews) -> Void = { _ in }
  ) async throws -> SessionEnd {
    var options = RunOptions()
    change(&options)
    let session = EngineSession(
      layout: layout, definition: try DefinitionFile.load(definitionPath), options: options,
      news: news)
    return try await session.run(signals: SignalInbox())
  }

  func client() throws -> RunClient { try RunClient(layout) }
  func newest() throws -> RunSummary { try client().resolve(nil) }
  func mirror() throws -> String { layout.mirror(of: try newest().run) }

  /// Does something with the store as only an engine may.
  func withStore<Value>(_ body: (SQLiteStore) throws -> Value) throws -> Value {
    let workspace = try OpenWorkspace(layout)
    let value = try body(workspace.store)
    try workspace.close()
    return value
  }

  /// Changes rows behind the store's back.
  func sql(_ statement: String) throws {
    let queue = try DatabaseQueue(path: layout.database)
    try queue.write { try $0.execute(sql: statement) }
    try queue.close()
  }

  func doctor(_ host: DoctorHost = .plain) -> Doctor {
    Doctor(layout: layout, definition: definitionPath, host: host)
  }

  /// The codes of everything that is wrong, each once.
  func codes(_ host: DoctorHost = .plain) -> [Finding.Code] {
    var codes: [Finding.Code] = []
    for finding in doctor(host).examine() where !codes.contains(finding.code) {
      codes.append(finding.code)
    }
    return codes
  }

  /// The problems of a replay of the ledger.
  func ledgerProblems() throws -> [LedgerProblem] {
    try LedgerVerifier(
      database: layout.database, mirrorFolder: layout.runs,
      objects: ObjectStore(readingAt: layout.objects)
    ).verify(temporaryFolder: layout.state).problems
  }
}

extension DoctorHost {
  /// A machine without systemd, whatever this one has.
  static let plain = DoctorHost(
    environment: ["PATH": "/usr/bin:/bin"], login: LoginSettings(root: "/nonexistent"))

  /// The machine in so many hours.
  static func later(hours: Int64) -> DoctorHost {
    var host = plain
    host.now = { Instant.wallClock.advanced(by: .seconds(hours * 3600)) }
    return host
  }
}

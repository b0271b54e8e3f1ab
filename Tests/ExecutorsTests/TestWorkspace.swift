// The world that tests of executors run in: a temporary workspace with everything wired.

import BatchModel
import DurableFiles
import Executors
import Foundation
import Testing

@testable import Executors

/// A workspace of a test's own, removed at its end.
final class TestWorkspace: Sendable {
  let path: String
  let objects: ObjectStore
  let processes = ProcessExecutor()
  let pool = BlockingPool(threads: 2)
  let steps: StepExecutor
  let run = RunID("run-20250101-000000-00000000")

  init() throws {
    let resolved = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
    path = "\(resolved)/footplate-test-\(UUID().uuidString)"
    try PrivateFolder.create(path)
    objects = try ObjectStore(at: "\(path)/.footplate/objects")
    steps = StepExecutor(
      processes: processes, pool: pool, objects: objects,
      environment: StepEnvironment(
        workspace: path, inherited: ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": path]),
      folder: path, runsFolder: "\(path)/.footplate/runs")
    try steps.prepare(run)
  }

  /// Another executor on the same workspace, with so many slots.
  func stepExecutor(slots: Int) -> StepExecutor {
    StepExecutor(
      processes: ProcessExecutor(slots: slots), pool: pool, objects: objects,
      environment: StepEnvironment(
        workspace: path, inherited: ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": path]),
      folder: path, runsFolder: "\(path)/.footplate/runs")
  }

  /// What stands in the run's staging folder.
  var stagingNames: [String] {
    // A folder that cannot be read is an empty list, which no test expects.
    (try? FileManager.default.contentsOfDirectory(
      atPath: "\(path)/.footplate/runs/\(run)/staging"))?.sorted() ?? []
  }

  deinit {
    processes.shutDown()
    // A leftover in the temporary folder fails no test.
    try? FileTree.remove(path)
  }

  /// An order for a process in the workspace.
  func order(
    _ invocation: ProcessOrder.Invocation, number: Int64 = 1, log: Bool = true
  ) -> ProcessOrder {
    ProcessOrder(
      id: AttemptID(number), invocation: invocation,
      environment: ["PATH=/usr/local/bin:/usr/bin:/bin", "FOOTPLATE_ATTEMPT=\(number)", marker],
      folder: path, log: log ? LogOrder(path: logPath(number)) : nil,
      marker: ["FOOTPLATE_ATTEMPT=\(number)", marker])
  }

  var marker: String { "FOOTPLATE_WORKSPACE=\(path)" }
  func logPath(_ number: Int64) -> String { "\(path)/\(number).log" }

  /// Whether the log stands and contains the text.
  func hasLog(_ number: Int64, with part: String) throws -> Bool {
    guard FileManager.default.fileExists(atPath: logPath(number)) else { return false }
    return try text(logPath(number)).contains(part)
  }

  /// A file's bytes.
  func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

  /// An order for an attempt.
  func step(
    _ invocation: ProcessOrder.Invocation, number: Int64 = 1, key: String = "a",
    owes: StepOrder.Owes = .nothing, input: StepOrder.Input = .none
  ) -> StepOrder {
    StepOrder(
      run: run,
      item: ClaimedItem(
        id: ItemID(number), ordinal: number, key: key, payload: .object(["path": .string(key)])),
      step: "write", attempt: AttemptID(number), epoch: Epoch(1),
      key: IdempotencyKey(digest: Digest(of: key)), invocation: invocation, input: input, owes: owes
    )
  }
}

extension TestWorkspace {
  /// Runs an attempt, and gives its staging folder up as a caller does that recorded its end.
  func runRecorded(_ order: StepOrder) async -> AttemptReport {
    let report = await steps.run(order)
    await steps.discardStaging(of: order.attempt, run: run, epoch: order.epoch)
    return report
  }
}

/// Waits until `condition` holds; fails after `seconds`.
func eventually(
  within seconds: Double = 60, _ comment: Comment, _ condition: () throws -> Bool
) async throws {
  let deadline = Date().addingTimeInterval(seconds)
  while try !condition() {
    guard Date() < deadline else {
      Issue.record("never happened within \(seconds) s: \(comment)")
      return
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// The processes that started with this entry in their environment.
func living(with entry: String) -> [Int32] {
  var table = ProcessTable()
  return table.entries.filter { !$0.isZombie && $0.pid != getpid() }.map(\.pid)
    .filter { table.environment(of: $0, hasAll: [entry]) }
}

extension ProcessExecutor {
  /// Runs a process and says when it has begun.
  func end(
    of order: ProcessOrder, onBegin: @escaping @Sendable (Int32) -> Void = { _ in }
  ) async -> ProcessReport {
    await withCheckedContinuation { continuation in
      launch(order) { event in
        switch event {
        case .launched(let pid): onBegin(pid)
        case .ended(let report): continuation.resume(returning: report)
        }
      }
    }
  }
}

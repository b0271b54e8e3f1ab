// The process behind a detached engine: it starts the engine, and starts it again when it dies.

import BatchModel
import BatchStore
import DurableFiles
import Executors
import Foundation
import Glibc
import Resilience

/// Watches over one engine process at a time.
package struct Guardian {
  private let executable: String
  private let layout: WorkspaceLayout
  private let definition: String
  private var options: RunOptions
  private var policy = RestartPolicy()
  /// What is in an engine's way for a moment is gone after some seconds.
  private static let storePause = 2.0

  package init(
    executable: String, layout: WorkspaceLayout, definition: String, options: RunOptions
  ) {
    self.executable = executable
    self.layout = layout
    self.definition = definition
    self.options = options
  }

  /// The arguments of an engine process.
  package static func arguments(
    layout: WorkspaceLayout, definition: String, options: RunOptions, isGuardian: Bool
  ) throws -> [String] {
    let encoded = String(decoding: try JSONEncoder().encode(options), as: UTF8.self)
    return ["engine"] + (isGuardian ? ["--guardian"] : [])
      + ["-f", definition, "-C", layout.root, "--options", encoded]
  }

  /// Runs engines until one ends by itself; returns its exit status.
  ///
  /// Blocks its thread. Signals to the guardian reach the engine.
  package mutating func run() throws -> Int32 {
    let began = Instant.wallClock
    while true {
      let engine = try DetachedProcess.start(
        executable,
        arguments: try Self.arguments(
          layout: layout, definition: definition, options: options, isGuardian: false),
        log: layout.engineLog, folder: layout.root)
      let forward = SignalInbox()
      let pid = engine.pid
      forward.forward(to: { kill(pid, $0) })
      switch wait(for: engine) {
      case .exited(75) where isLeftRunning(since: began):
        note("the engine could not use the store, and left the run as it was")
        Thread.sleep(forTimeInterval: Self.storePause)
      case .exited(let status) where Self.isDeliberate(status): return status
      case .exited(let status): note("the engine ended with status \(status)")
      case .signalled(let signal): note("the engine was killed by signal \(signal)")
      }
      guard policy.allowsRestart(at: .wallClock) else {
        note("five restarts in ten minutes: no more; footplate doctor, then footplate run")
        return 75
      }
      goOn()
    }
  }

  /// The statuses with which an engine ends by its own decision.
  private static func isDeliberate(_ status: Int32) -> Bool {
    [0, 1, 2, 3, 75, 130].contains(status)
  }

  /// Whether an engine of this guardian began a run and did not leave it: one that stops a run by its
  /// own decision says so in the store.
  ///
  /// Of a store that cannot be read the next engine would say no more than this one did, unless
  /// somebody is in the way for a moment.
  private func isLeftRunning(since began: Instant) -> Bool {
    do throws(StoreError) {
      let newest = try SQLiteReader(path: layout.database).runs(limit: 1).first
      return newest.map { $0.state == .running && $0.updatedAt >= began } ?? false
    } catch {
      if case .busy = error { return options.isRestart }
      return false
    }
  }

  private func wait(for engine: borrowing DetachedProcess) -> DetachedProcess.End {
    while true {
      if let end = engine.waitForEnd(timeout: .seconds(3600)) { return end }
    }
  }

  /// A restart goes on with the run as it is: what the person asked for once is done, and what holds
  /// for every item (`force`, `refresh`) holds for those that are left.
  private mutating func goOn() {
    options.resumption = .automatic
    options.retryFailed = false
    // Kept in the store since the first start; a person may have changed it meanwhile.
    options.budget = nil
    options.isRestart = true
  }

  private func note(_ text: String) {
    FileHandle.standardError.write(Data("\(Instant.wallClock.rfc3339) guardian: \(text)\n".utf8))
  }
}

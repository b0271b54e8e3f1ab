// Starting an engine behind the terminal, and knowing that it began.

package import BatchModel
import BatchStore
import DurableFiles
import Executors
import Foundation
import Resilience

/// A detached engine that has begun.
package struct DetachedStart: Sendable {
  package let run: RunID
  package let guardian: Int32

  /// Starts a guardian and waits until its engine holds the workspace and has its run.
  ///
  /// - Throws: `DetachedStartError` with the end of the engine's log when it does not begin.
  package static func start(
    executable: String, layout: WorkspaceLayout, definition: String, options: RunOptions
  ) throws -> DetachedStart {
    if EngineLock.isHeld(at: layout.lock) {
      throw OpenError.held(by: EngineLock.holder(at: layout.lock))
    }
    try PrivateFolder.create(layout.state)
    let begun = Instant.wallClock
    let logStart = size(of: layout.engineLog)
    let guardian = try DetachedProcess.start(
      executable,
      arguments: try Guardian.arguments(
        layout: layout, definition: definition, options: options, isGuardian: true),
      log: layout.engineLog, folder: layout.root,
      environment: ProcessInfo.processInfo.environment.map { "\($0)=\($1)" })
    while true {
      if let run = newestRun(layout, since: begun) {
        return DetachedStart(run: run, guardian: guardian.pid)
      }
      guard guardian.waitForEnd(timeout: .milliseconds(20)) == nil else {
        if let run = newestRun(layout, since: begun, mustBeHeld: false) {
          return DetachedStart(run: run, guardian: guardian.pid)
        }
        throw DetachedStartError(said: tail(of: layout.engineLog, from: logStart))
      }
    }
  }

  private static func newestRun(
    _ layout: WorkspaceLayout, since begun: Instant, mustBeHeld: Bool = true
  ) -> RunID? {
    guard !mustBeHeld || EngineLock.isHeld(at: layout.lock),
      FileManager.default.fileExists(atPath: layout.database)
    else { return nil }
    // A store that is being made cannot be read yet: the next look may.
    guard let store = try? SQLiteReader(path: layout.database),
      let newest = try? store.runs(limit: 1).first, newest.updatedAt >= begun
    else { return nil }
    return newest.run
  }

  private static func size(of path: String) -> UInt64 {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)  // none: it starts at 0
    return (attributes?[.size] as? UInt64) ?? 0
  }

  private static func tail(of path: String, from offset: UInt64) -> String {
    guard let data = FileManager.default.contents(atPath: path) else { return "" }
    return String(decoding: data.dropFirst(Int(offset)).suffix(4096), as: UTF8.self)
  }
}

/// An engine that ended before it began.
package struct DetachedStartError: Error, CustomStringConvertible {
  package let said: String
  package var description: String {
    said.isEmpty ? "the engine ended before it began" : said
  }
}

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

  /// A source that takes longer to be compared is compared behind.
  private static let patience = Duration.seconds(2)

  /// Starts a guardian and waits until its engine has its run and works on it, so that a source
  /// that cannot be read is told here and not only in the engine's log.
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
      log: layout.engineLog, folder: layout.root)
    while true {
      if let run = newestRun(layout, since: begun),
        works(layout, since: begun) || begun.duration(to: .wallClock) > patience
      {
        return DetachedStart(run: run, guardian: guardian.pid)
      }
      guard let end = guardian.waitForEnd(timeout: .milliseconds(20)) else { continue }
      if end.isOfWork, let run = newestRun(layout, since: begun, mustBeHeld: false) {
        return DetachedStart(run: run, guardian: guardian.pid)
      }
      throw DetachedStartError(
        said: tail(of: layout.engineLog, from: logStart), status: end.status)
    }
  }

  /// Whether the engine came to its work: its gauges are the first thing it writes then.
  private static func works(_ layout: WorkspaceLayout, since begun: Instant) -> Bool {
    guard let data = FileManager.default.contents(atPath: layout.gauges),
      // Gauges of another version are replaced in a moment.
      let gauges = try? JSONDecoder().decode(Gauges.self, from: data)
    else { return false }
    return gauges.at >= begun
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
    // A file that is not there yet starts at 0.
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? UInt64) ?? 0
  }

  private static func tail(of path: String, from offset: UInt64) -> String {
    guard let data = FileManager.default.contents(atPath: path) else { return "" }
    let text = String(decoding: data.dropFirst(Int(offset)).suffix(4096), as: UTF8.self)
    // Lines of the log begin with their time; what is left is what the engine had to say at its end.
    return text.split(separator: "\n").filter { line in
      Instant(rfc3339: String(line.prefix { $0 != " " })) == nil
    }.joined(separator: "\n")
  }
}

extension DetachedProcess.End {
  fileprivate var status: Int32? {
    switch self {
    case .exited(let status): status
    case .signalled: nil
    }
  }

  /// Whether it ended by itself after it had worked: everything but wrong usage and refusal.
  fileprivate var isOfWork: Bool {
    switch self {
    case .exited(let status): status != 2 && status != 3
    case .signalled: false
    }
  }
}

/// An engine that ended before it began.
package struct DetachedStartError: Error, CustomStringConvertible {
  package let said: String
  /// The engine's exit status, unless a signal killed it.
  package let status: Int32?
  package var description: String {
    let text = said.trimmingCharacters(in: .whitespacesAndNewlines)
    if text.isEmpty { return "the engine ended before it began" }
    // The engine's own complaint begins with the program's name, as ours will.
    return text.hasPrefix("footplate: ") ? String(text.dropFirst(11)) : text
  }
}

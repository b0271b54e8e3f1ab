// Whether a run is left that a reboot broke off: what the systemd unit goes on with.

package import BatchModel
import BatchStore
import DurableFiles
import Foundation

/// The run that a host's end broke off.
package enum ServiceCondition {
  /// The newest run, if its engine died or was ended by the host, and none works on it now.
  ///
  /// A run that a person stopped or paused, or that is finished, waits for a person.
  ///
  /// - Throws: `StoreError`.
  package static func interruptedRun(in layout: WorkspaceLayout) throws -> RunID? {
    guard FileManager.default.fileExists(atPath: layout.database),
      !EngineLock.isHeld(at: layout.lock),
      let newest = try SQLiteReader(path: layout.database).runs(limit: 1).first
    else { return nil }
    let isEndedByHost =
      newest.state == .stopped && newest.why == RunMoved.interruption(by: SIGTERM)
    return newest.state == .running || isEndedByHost ? newest.run : nil
  }
}

// Children that outlived their engine: found by their environment, ended, awaited.

package import BatchModel
import DurableFiles
import Glibc

/// The sweep before a new engine queues anything again.
///
/// It finds what kept the attempt's environment, and what descends from it; a process that cleared
/// its environment and lost its parent escapes.
package struct OrphanSweep: Sendable {
  /// A process of a dead engine.
  package struct Orphan: Hashable, Sendable {
    package var pid: Int32
    package var attempt: AttemptID
    package var epoch: Epoch
  }

  private let workspace: String
  private let epoch: Epoch

  /// - Parameters:
  ///   - workspace: The same path as in `StepEnvironment`.
  ///   - epoch: The living engine's; every other one is dead, since it holds the lock.
  package init(workspace: String, epoch: Epoch) {
    self.workspace = workspace
    self.epoch = epoch
  }

  /// The orphans that run now, by pid.
  package func find() -> [Orphan] {
    var table = ProcessTable()
    return marked(in: &table).map(\.orphan).sorted { $0.pid < $1.pid }
  }

  /// Ends them: TERM, KILL after `grace`; returns when they are gone, with all that were found.
  ///
  /// Blocks its thread. A process that even KILL does not end (it hangs in the kernel) is waited for two seconds only;
  /// `find` then still names it.
  package func sweep(grace: Duration = ProcessExecutor.grace) -> [Orphan] {
    var swept: [Int32: Orphan] = [:]
    // Each round finds what forked while the round before was signalling.
    for _ in 1...5 {
      var table = ProcessTable()
      let found = marked(in: &table)
      if found.isEmpty { break }
      for (_, orphan) in found { swept[orphan.pid] = orphan }
      end(family(of: found.map(\.entry), in: table), grace: grace)
    }
    return swept.values.sorted { $0.pid < $1.pid }
  }

  private func marked(
    in table: inout ProcessTable
  ) -> [(entry: ProcessTable.Entry, orphan: Orphan)] {
    let ourselves = ancestry(in: table)
    var found: [(ProcessTable.Entry, Orphan)] = []
    for entry in table.entries where !entry.isZombie && !ourselves.contains(entry.pid) {
      guard table.environment(of: entry.pid, hasAll: ["FOOTPLATE_WORKSPACE=\(workspace)"]),
        let attempt = table.value(of: "FOOTPLATE_ATTEMPT", for: entry.pid).flatMap({ Int64($0) }),
        let dead = table.value(of: "FOOTPLATE_EPOCH", for: entry.pid).flatMap({ Int64($0) }),
        dead != epoch.number
      else { continue }
      found.append(
        (entry, Orphan(pid: entry.pid, attempt: AttemptID(attempt), epoch: Epoch(dead))))
    }
    return found
  }

  /// This process and its parents: an engine may have been started from inside a step.
  private func ancestry(in table: ProcessTable) -> Set<Int32> {
    let parents = Dictionary(
      table.entries.map { ($0.pid, $0.parent) }, uniquingKeysWith: { first, _ in first })
    var line: Set<Int32> = []
    var next: Int32? = getpid()
    while let pid = next, pid > 0, line.insert(pid).inserted { next = parents[pid] }
    return line
  }

  private func family(
    of entries: [ProcessTable.Entry], in table: ProcessTable
  ) -> [ProcessTable.Entry] {
    let ourselves = ancestry(in: table)
    var found = Dictionary(
      entries.map { ($0.pid, $0) }, uniquingKeysWith: { first, _ in first })
    ProcessTable.addDescendants(
      to: &found, from: table.entries.filter { !ourselves.contains($0.pid) })
    return found.values.filter { !$0.isZombie }
  }

  private func end(_ entries: [ProcessTable.Entry], grace: Duration) {
    for entry in entries { entry.send(SIGTERM) }
    let termEnd = MonotonicTime.now() + grace.deadlineNanoseconds
    let stubborn = entries.filter { !Self.awaitEnd(of: $0, until: termEnd) }
    for entry in stubborn { entry.send(SIGKILL) }
    let killEnd = MonotonicTime.now() + RunningProcess.killMax
    for entry in stubborn { _ = Self.awaitEnd(of: entry, until: killEnd) }
  }

  private static func awaitEnd(of entry: ProcessTable.Entry, until deadline: UInt64) -> Bool {
    guard let descriptor = entry.openDescriptor() else { return true }
    while true {
      let now = MonotonicTime.now()
      let milliseconds = deadline > now ? Int32((deadline - now) / 1_000_000) + 1 : 0
      var poll = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
      let count = Glibc.poll(&poll, 1, milliseconds)
      if count > 0 { return true }
      if count == 0 { return false }
    }
  }
}

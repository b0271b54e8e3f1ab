// A process that outlives us: the engine behind a closed terminal.

import CSpawn
package import DurableFiles
import Foundation

/// A process in a session of its own, without our terminal, our files or our signals.
package struct DetachedProcess: ~Copyable, Sendable {
  package let pid: Int32
  private let descriptor: Descriptor

  /// How it ended.
  package enum End: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }

  /// Starts `executable` with standard input at /dev/null and both outputs appended to `log` (0600).
  ///
  /// - Parameter environment: `NAME=value` entries; without it, ours. An attempt's own
  ///   FOOTPLATE_ATTEMPT, FOOTPLATE_EPOCH and FOOTPLATE_WORKSPACE are taken out: an engine that is
  ///   started from inside a step must not be swept with it.
  package static func start(
    _ executable: String, arguments: [String], log: String, folder: String,
    environment: [String] = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
  ) throws(FilesError) -> DetachedProcess {
    cs_occupy_standard_descriptors()
    let output = try Descriptor(
      opening: log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, mode: 0o600)
    let nothing = try Descriptor(opening: "/dev/null", O_RDONLY)
    let own = environment.filter { entry in
      !["FOOTPLATE_ATTEMPT=", "FOOTPLATE_EPOCH=", "FOOTPLATE_WORKSPACE="]
        .contains { entry.hasPrefix($0) }
    }
    guard let words = CStringBlock([executable] + arguments), let variables = CStringBlock(own)
    else { throw .system(operation: "start", path: executable, errno: EINVAL) }
    var pid: pid_t = 0
    var pidfd: Int32 = -1
    let error = cs_spawn(
      executable, words.pointers, variables.pointers, folder, nothing.number, output.number,
      output.number, &pid, &pidfd)
    guard error == 0 else { throw .system(operation: "start", path: executable, errno: error) }
    return DetachedProcess(pid: pid, descriptor: Descriptor(owning: pidfd))
  }

  /// How it ended; `nil` while it runs.
  ///
  /// It is told once: then it is `nil` again.
  package func end() -> End? {
    var end = cs_end()
    guard cs_reap(pid, &end) == 1 else { return nil }
    return end.signalled ? .signalled(end.status) : .exited(end.status)
  }

  /// Waits for its end, for as long as `timeout`; `nil` when it still runs.
  ///
  /// Blocks its thread.
  package func waitForEnd(timeout: Duration) -> End? {
    let deadline = MonotonicTime.now() + timeout.deadlineNanoseconds
    while true {
      let now = MonotonicTime.now()
      guard now < deadline else { return end() }
      var poll = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
      let milliseconds = Int32(min((deadline - now) / 1_000_000 + 1, 60_000))
      if Glibc.poll(&poll, 1, milliseconds) > 0 { return end() }
    }
  }
}

// One child from its start to its report: its pipes, its deadlines, its tree.

import CSpawn
import Glibc

/// A child of the loop; used by the loop's thread only.
///
/// ```
/// running ──► draining ─► (report)        the leader ended by itself
///    │
///    ├──► terminating ──► killing ─► (report)   time-out, stall, kill
///    └────────────────────┘ no grace
///
/// (report) waits in `held` as long as a debugger has not let the ended leader go.
/// ```
final class RunningProcess {
  enum Phase {
    case running
    /// TERM was sent to the whole tree; what still lives at `killAt` gets KILL.
    case terminating(killAt: UInt64)
    /// KILL was sent to the whole tree, and is again until nothing lives or `giveUpAt`.
    case killing(giveUpAt: UInt64)
    /// The leader ended by itself and its group got KILL; its pipes may still be held.
    case draining(giveUpAt: UInt64)
    /// Nothing of it lives, but a debugger holds its leader: it is ours when that lets go.
    case held
  }

  static let drainMax: UInt64 = 250_000_000
  static let killMax: UInt64 = 2_000_000_000

  let order: ProcessOrder
  let onEvent: @Sendable (ProcessEvent) -> Void
  let startedAt: UInt64
  var child: StartedChild
  var tree: ProcessTree
  var phase = Phase.running
  /// Why it is being killed; `nil` while it ends by itself.
  var cause: ProcessReport.End?
  var leaderEndedAt: UInt64?
  /// When the loop has to look at it again, at the latest; may be too early, never too late.
  var wakeAt = UInt64.max
  /// The pause before the next look at the process table.
  private var lookPause: UInt64 = 10_000_000

  private var lastOutputAt: UInt64
  private var outputBytes: Int64 = 0
  private var lastLines = [LastLine(), LastLine()]
  private var log: CappedLog?
  private var capture: OutputCapture?

  init(
    _ order: ProcessOrder, _ child: StartedChild, at now: UInt64,
    onEvent: @escaping @Sendable (ProcessEvent) -> Void
  ) {
    self.order = order
    self.child = child
    self.onEvent = onEvent
    startedAt = now
    lastOutputAt = now
    tree = ProcessTree(leader: child.pid, marker: order.marker)
    log = order.log.map { CappedLog($0, mask: order.mask) }
    capture = order.capture.map { OutputCapture($0) }
    scheduleRunning()
  }

  var isSilent: Bool { child.output < 0 && child.error < 0 }

  /// What is over by now: `nil` while nothing is.
  func expired(at now: UInt64) -> ProcessReport.End? {
    if let timeout = order.timeout, now >= startedAt + timeout.deadlineNanoseconds {
      return .timedOut
    }
    if let stall = order.stall, now >= lastOutputAt + stall.deadlineNanoseconds { return .stalled }
    return nil
  }

  func scheduleRunning() {
    wakeAt = log?.flushAt ?? .max
    if let timeout = order.timeout {
      wakeAt = min(wakeAt, startedAt + timeout.deadlineNanoseconds)
    }
    if let stall = order.stall { wakeAt = min(wakeAt, lastOutputAt + stall.deadlineNanoseconds) }
  }

  /// Plans the next look at the table: soon first, then less and less often.
  func scheduleLook(at now: UInt64, notAfter limit: UInt64) {
    wakeAt = min(now + lookPause, limit)
    lookPause = min(lookPause * 2, 400_000_000)
  }

  /// The leader ended and cannot be reaped yet.
  func hold(at now: UInt64) {
    if case .held = phase {} else { restartLooks() }
    phase = .held
    scheduleLook(at: now, notAfter: .max)
  }

  func restartLooks() { lookPause = 10_000_000 }

  func flushLog(at now: UInt64) {
    if let log, now >= log.flushAt { log.flush(at: now) }
  }

  /// Takes bytes that arrived.
  func receive(_ bytes: UnsafeRawBufferPointer, from stream: ProcessStream, at now: UInt64) {
    outputBytes += Int64(bytes.count)
    lastOutputAt = now
    lastLines[stream.rawValue].append(bytes)
    if stream == .output { capture?.append(bytes) }
    guard let log else { return }
    log.append(bytes, from: stream, at: now)
    wakeAt = min(wakeAt, log.flushAt)
  }

  /// Closes everything and tells how it ended.
  func report(_ end: cs_end) -> ProcessReport {
    log?.close()
    capture?.close()
    child.input?.close()
    for number in [child.output, child.error, child.pidfd] where number >= 0 { close(number) }
    let elapsed = (leaderEndedAt ?? MonotonicTime.now()) - startedAt
    return ProcessReport(
      id: order.id, end: cause ?? (end.signalled ? .signalled(end.status) : .exited(end.status)),
      elapsed: .nanoseconds(Int64(elapsed)), outputBytes: outputBytes, lastLine: lastLine,
      pid: child.pid, captured: capture?.captured ?? .nothing, logProblem: log?.problem)
  }

  private var lastLine: String {
    let error = lastLines[ProcessStream.error.rawValue].line
    let line = error.bytes.isEmpty ? lastLines[ProcessStream.output.rawValue].line : error
    let masked = order.mask.masked(line.bytes, isCut: line.isCut)
    return String(decoding: masked, as: UTF8.self)
  }
}

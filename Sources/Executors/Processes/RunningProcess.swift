// One child from its start to its report: its pipes, its deadlines, its tree.

import BatchModel
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

  private var timeout: Duration?
  private var stall: Duration?
  private var turnStartedAt: UInt64
  private var turnsBegun = 1
  private var unreadInputBytes = 0
  /// Whether an open input is in the epoll set: only while there is something to write.
  var isInputWatched = false
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
    turnStartedAt = now
    lastOutputAt = now
    timeout = order.timeout
    stall = order.stall
    tree = ProcessTree(leader: child.pid, marker: order.marker)
    log = order.log.map { CappedLog($0, mask: order.mask) }
    capture = order.capture.map { OutputCapture($0) }
    scheduleRunning()
  }

  var isSilent: Bool { child.output < 0 && child.error < 0 }

  /// What is over by now: `nil` while nothing is.
  func expired(at now: UInt64) -> ProcessReport.End? {
    if let timeout, now >= turnStartedAt + timeout.deadlineNanoseconds {
      return .timedOut
    }
    if let stall, now >= lastOutputAt + stall.deadlineNanoseconds { return .stalled }
    return nil
  }

  func scheduleRunning() {
    wakeAt = log?.flushAt ?? .max
    if let timeout { wakeAt = min(wakeAt, turnStartedAt + timeout.deadlineNanoseconds) }
    if let stall { wakeAt = min(wakeAt, lastOutputAt + stall.deadlineNanoseconds) }
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
    if stream == .output {
      capture?.append(bytes)
      if let listener = order.listener {
        let words = listener(bytes)
        return words.withUnsafeBytes { note($0, from: stream, at: now) }
      }
    }
    note(bytes, from: stream, at: now)
  }

  /// Takes what is to be seen of the output.
  private func note(_ bytes: UnsafeRawBufferPointer, from stream: ProcessStream, at now: UInt64) {
    guard !bytes.isEmpty else { return }
    lastLines[stream.rawValue].append(bytes)
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
    let elapsed = (leaderEndedAt ?? MonotonicTime.now()) - turnStartedAt
    return ProcessReport(
      id: order.id, end: cause ?? (end.signalled ? .signalled(end.status) : .exited(end.status)),
      elapsed: .nanoseconds(Int64(elapsed)), outputBytes: outputBytes, lastLine: lastLine,
      pid: child.pid, captured: capture?.captured ?? .nothing, logProblem: log?.problem,
      turnsBegun: turnsBegun, unreadInputBytes: unreadInputBytes)
  }

  private var lastLine: String {
    let error = lastLines[ProcessStream.error.rawValue].line
    let line = error.bytes.isEmpty ? lastLines[ProcessStream.output.rawValue].line : error
    let masked = order.mask.masked(line.bytes, isCut: line.isCut)
    return String(decoding: masked, as: UTF8.self)
  }
}

extension RunningProcess {
  /// Begins the next turn, unless the process is ending: then it has not begun.
  func begin(_ turn: ProcessTurn, at now: UInt64) {
    guard leaderEndedAt == nil, case .running = phase else { return }
    turnsBegun += 1
    turnStartedAt = now
    lastOutputAt = now
    outputBytes = 0
    lastLines = [LastLine(), LastLine()]
    timeout = turn.timeout
    stall = turn.stall
    log?.close()
    log = turn.log.map { CappedLog($0, mask: order.mask) }
    child.input?.append(turn.input)
    child.input?.pump()
    scheduleRunning()
  }

  /// Ends the turn; what the process says from here on is nobody's.
  func endTurn(at now: UInt64) -> ProcessTurnReport {
    log?.close()
    let report = ProcessTurnReport(
      elapsed: .nanoseconds(Int64((leaderEndedAt ?? now) - turnStartedAt)),
      outputBytes: outputBytes, lastLine: lastLine, logProblem: log?.problem)
    log = nil
    timeout = nil
    stall = nil
    if leaderEndedAt == nil, case .running = phase { scheduleRunning() }
    return report
  }

  func send(_ bytes: [UInt8]) {
    child.input?.append(bytes)
    child.input?.pump()
  }

  /// Closes the input and ends the process after `patience`.
  func dismiss(after patience: Duration, at now: UInt64) {
    child.input?.close()
    guard leaderEndedAt == nil, case .running = phase else { return }
    turnStartedAt = now
    timeout = patience
    scheduleRunning()
  }

  /// Closes the input when the leader has ended; what it left unread was never seen by it.
  func closeInput() {
    if case .turns = order.input { unreadInputBytes = child.input?.unreadBytes ?? 0 }
    child.input?.close()
  }
}

// A thread that starts children, reads them, and ends them: epoll over pidfds and pipes.

import BatchModel
import CSpawn
import Glibc

/// The loop; made and used by its own thread.
final class ProcessLoop {
  /// What a descriptor in the epoll set belongs to; the low bits of its tag.
  enum Role: UInt64 { case wakeup, leader, output, error, input }

  private static let eventsMax = 64
  private static let chunkBytes = 64 * 1024
  /// So long an end may wait for others to be told together.
  private static let endsGatherNanoseconds: UInt64 = 4_000_000
  /// A child that writes without end must not keep the others waiting.
  private static let readsMax = 4

  private let mailbox: ProcessMailbox
  private let line: LaunchLine
  /// Which of the executor's loops it is.
  private let number: Int
  private let starter = ChildStart()
  let epoll: Int32
  private let buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: ProcessLoop.chunkBytes, alignment: 16)
  var processes: [UInt64: RunningProcess] = [:]
  var serials: [AttemptID: UInt64] = [:]
  private var nextSerial: UInt64 = 1
  private var postponed = PostponedLaunches()
  private let onEnds: @Sendable () -> Void
  /// When the ends since the last `onEnds` are to be told of; `.max` when there are none.
  private var tellEndsAt = UInt64.max
  private var isClosed = false
  /// One look at /proc serves everything that is due in one turn.
  private var table: ProcessTable?

  init(
    _ mailbox: ProcessMailbox, _ line: LaunchLine, number: Int,
    onEnds: @escaping @Sendable () -> Void
  ) {
    self.mailbox = mailbox
    self.line = line
    self.number = number
    self.onEnds = onEnds
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    precondition(epoll >= 0, "epoll_create1: \(String(cString: strerror(errno)))")
    watch(mailbox.wakeup, EPOLLIN, serial: 0, .wakeup)
  }

  deinit {
    close(epoll)
    buffer.deallocate()
  }

  /// Returns when the mailbox is closed and the last child is gone.
  func run() {
    var events = [epoll_event](repeating: epoll_event(), count: Self.eventsMax)
    while true {
      while let letters = mailbox.take() { handle(letters, at: MonotonicTime.now()) }
      startWaiting(at: MonotonicTime.now())
      if isClosed && processes.isEmpty { break }
      let count = epoll_wait(epoll, &events, Int32(Self.eventsMax), milliseconds())
      let now = MonotonicTime.now()
      for event in events.prefix(max(0, Int(count))) { handle(event, at: now) }
      wakeDue(at: MonotonicTime.now())
      table = nil
      tellEnds()
    }
    if tellEndsAt != .max { onEnds() }
    for launch in mailbox.finish() { launch.refuse(.killed) }
  }

  private func milliseconds() -> Int32 {
    let due = processes.values.reduce(min(postponed.retryAt, tellEndsAt)) { min($0, $1.wakeAt) }
    guard due != .max else { return -1 }
    let now = MonotonicTime.now()
    return due <= now ? 0 : Int32(min((due - now + 999_999) / 1_000_000, 60_000))
  }

  /// Tells of ends when the first of them has waited for long enough, or when nothing is left that
  /// could start without an answer to them.
  private func tellEnds() {
    guard tellEndsAt != .max, line.isEmpty || MonotonicTime.now() >= tellEndsAt else {
      return
    }
    tellEndsAt = .max
    onEnds()
  }

  private func handle(_ event: epoll_event, at now: UInt64) {
    guard let role = Role(rawValue: event.data.u64 & 7) else { return }
    if role == .wakeup { return mailbox.acknowledge() }
    // An earlier event of the same turn may have ended it.
    let serial = event.data.u64 >> 3
    guard let process = processes[serial] else { return }
    switch role {
    case .wakeup: break
    case .leader: leaderEnded(process, serial, at: now)
    case .output: read(process, .output, at: now)
    case .error: read(process, .error, at: now)
    case .input:
      process.child.input?.pump()
      watchInput(of: process, serial)
    }
    finishIfOver(process, serial)
  }

  private func handle(_ letters: ProcessMailbox.Letters, at now: UInt64) {
    for launch in letters.launches {
      if isClosed { refuse(unstarted: launch) } else { start(launch, at: now) }
    }
    for launch in letters.refusals { refuse(unstarted: launch) }
    if letters.recallsPostponed {
      for launch in postponed.removeSlotTakers() { refuse(launch, .killed) }
    }
    for letter in letters.turns { handle(letter, at: now) }
    for kill in letters.kills {
      if let launch = postponed.remove(kill.id) { refuse(launch, .killed) }
      guard let serial = serials[kill.id], let process = processes[serial] else { continue }
      if let grace = kill.grace { end(process, .killed, grace: grace, at: now) }
    }
    guard letters.isClosed, !isClosed else { return }
    isClosed = true
    for launch in postponed.removeAll() { refuse(launch, .killed) }
    for process in processes.values { end(process, .killed, grace: .zero, at: now) }
  }

  /// Starts what waits, as far as there are slots.
  private func startWaiting(at now: UInt64) {
    while let launch = line.takeStartable(by: number) { start(launch, at: now) }
  }

  private func start(_ launch: ProcessMailbox.Launch, at now: UInt64) {
    do {
      try launch.order.beforeStart?()
    } catch {
      return refuse(launch, .couldNotStart("\(error)"))
    }
    switch starter.start(launch.order) {
    case .refused(let why): refuse(launch, .couldNotStart(why))
    case .shortage(let why):
      if !postponed.add(launch, at: now) { refuse(launch, .couldNotStart(why)) }
    case .started(let child): adopt(child, launch)
    }
  }

  /// Ends an order that had its slot and got no process.
  private func refuse(_ launch: ProcessMailbox.Launch, _ end: ProcessReport.End) {
    if launch.order.takesSlot { line.release(by: number) }
    launch.refuse(end)
    noteEnd()
  }

  private func refuse(unstarted launch: ProcessMailbox.Launch) {
    launch.refuse(.killed)
    noteEnd()
  }

  private func noteEnd() {
    tellEndsAt = min(tellEndsAt, MonotonicTime.now() + Self.endsGatherNanoseconds)
  }

  private func adopt(_ child: StartedChild, _ launch: ProcessMailbox.Launch) {
    let serial = nextSerial
    nextSerial += 1
    let process = RunningProcess(
      launch.order, child, at: MonotonicTime.now(), onEvent: launch.onEvent)
    processes[serial] = process
    serials[launch.order.id] = serial
    watch(child.output, EPOLLIN, serial: serial, .output)
    watch(child.error, EPOLLIN, serial: serial, .error)
    watchInput(of: process, serial)
    watch(child.pidfd, EPOLLIN, serial: serial, .leader)
    launch.onEvent(.launched(pid: child.pid))
  }

  func watch(_ descriptor: Int32, _ events: EPOLL_EVENTS, serial: UInt64, _ role: Role) {
    var event = epoll_event()
    event.events = events.rawValue
    event.data.u64 = serial << 3 | role.rawValue
    let result = epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
    precondition(result == 0, "epoll_ctl: \(String(cString: strerror(errno)))")
  }
}

extension ProcessLoop {
  /// Reads what is there, within bounds; closes the pipe at its end.
  private func read(_ process: RunningProcess, _ stream: ProcessStream, at now: UInt64) {
    for _ in 0..<Self.readsMax {
      let descriptor = stream == .output ? process.child.output : process.child.error
      guard descriptor >= 0 else { return }
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count > 0 {
        process.receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]), from: stream, at: now)
        // A short read emptied the pipe.
        if count < buffer.count, process.leaderEndedAt == nil { return }
      } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
        close(descriptor)
        if stream == .output { process.child.output = -1 } else { process.child.error = -1 }
      } else if errno == EAGAIN {
        return
      }
    }
  }

  private func leaderEnded(_ process: RunningProcess, _ serial: UInt64, at now: UInt64) {
    // A closed descriptor can still be told of, as long as a fork elsewhere holds a copy of it.
    guard process.leaderEndedAt == nil else { return }
    process.leaderEndedAt = now
    // It is reaped last: until then its zombie keeps the group's and the session's number.
    close(process.child.pidfd)
    process.child.pidfd = -1
    close(process.child.outputHold)
    close(process.child.errorHold)
    process.closeInput()
    switch process.phase {
    case .running:
      process.tree.signalGroup(SIGKILL)
      process.phase = .draining(giveUpAt: now + RunningProcess.drainMax)
      process.restartLooks()
      process.scheduleLook(at: now, notAfter: now + RunningProcess.drainMax)
      read(process, .output, at: now)
      read(process, .error, at: now)
    case .terminating, .killing, .draining, .held:
      process.restartLooks()
      process.wakeAt = now
    }
  }

  /// After its own end a child is over as soon as nobody can write to its pipes any more.
  private func finishIfOver(_ process: RunningProcess, _ serial: UInt64) {
    if case .draining = process.phase, process.isSilent { finish(process, serial) }
  }

  private func wakeDue(at now: UInt64) {
    if now >= postponed.retryAt {
      for launch in postponed.takeForRetry() { start(launch, at: now) }
    }
    for (serial, process) in processes where now >= process.wakeAt {
      process.flushLog(at: now)
      wake(process, serial, at: now)
    }
  }

  private func wake(_ process: RunningProcess, _ serial: UInt64, at now: UInt64) {
    switch process.phase {
    case .running:
      if let cause = process.expired(at: now) {
        end(process, cause, grace: ProcessExecutor.grace, at: now)
      } else {
        process.scheduleRunning()
      }
    case .terminating(let killAt):
      if now >= killAt { return kill(process, at: now) }
      if process.leaderEndedAt != nil, isTreeGone(process) { return finish(process, serial) }
      process.scheduleLook(at: now, notAfter: killAt)
    case .killing(let giveUpAt):
      let living = signal(SIGKILL, process)
      if process.leaderEndedAt != nil, living == 0 || now >= giveUpAt {
        return finish(process, serial)
      }
      process.scheduleLook(at: now, notAfter: .max)
    case .draining(let giveUpAt):
      _ = signal(SIGKILL, process)
      if now >= giveUpAt { return finish(process, serial) }
      process.scheduleLook(at: now, notAfter: giveUpAt)
    case .held:
      finish(process, serial)
    }
  }

  /// Begins to end a child's tree; a later call can only shorten the grace.
  private func end(
    _ process: RunningProcess, _ cause: ProcessReport.End, grace: Duration, at now: UInt64
  ) {
    let wanted = now + grace.deadlineNanoseconds
    switch process.phase {
    case .draining, .killing, .held: return
    case .terminating(let killAt):
      process.phase = .terminating(killAt: min(killAt, wanted))
      process.wakeAt = min(process.wakeAt, wanted)
    case .running:
      process.cause = cause
      guard grace > .zero else { return kill(process, at: now) }
      _ = signal(SIGTERM, process)
      process.phase = .terminating(killAt: wanted)
      process.restartLooks()
      process.scheduleLook(at: now, notAfter: wanted)
    }
  }

  private func kill(_ process: RunningProcess, at now: UInt64) {
    _ = signal(SIGKILL, process)
    process.phase = .killing(giveUpAt: now + RunningProcess.killMax)
    process.restartLooks()
    process.scheduleLook(at: now, notAfter: .max)
  }

  private func signal(_ signal: Int32, _ process: RunningProcess) -> Int {
    var current = table ?? ProcessTable()
    defer { table = current }
    return process.tree.signal(signal, in: &current)
  }

  private func isTreeGone(_ process: RunningProcess) -> Bool {
    var current = table ?? ProcessTable()
    defer { table = current }
    return process.tree.livingMembers(in: &current).isEmpty
  }

  private func finish(_ process: RunningProcess, _ serial: UInt64) {
    let now = MonotonicTime.now()
    var end = cs_end()
    let reaped = cs_reap(process.child.pid, &end)
    precondition(reaped >= 0, "an ended child is ours to reap, and only ours")
    guard reaped == 1 else {
      process.hold(at: now)
      return
    }
    read(process, .output, at: now)
    read(process, .error, at: now)
    processes[serial] = nil
    serials[process.order.id] = nil
    if process.order.takesSlot {
      // The next one starts before anything else is done: a slot never stands idle.
      line.release(by: number)
      startWaiting(at: now)
    }
    process.onEvent(.ended(process.report(end)))
    noteEnd()
  }
}

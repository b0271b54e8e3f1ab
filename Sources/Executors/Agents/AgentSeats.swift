// Who waits and who works: the pool's bookkeeping, a value without a thread of its own.

import BatchModel

/// An attempt that is to be done.
struct PendingAttempt: Sendable {
  var order: AgentOrder
  var staging: StagingFolder
  /// Where its folder stands until it is opened; `nil` when it is open already.
  var prepared: String?
  var onLaunch: @Sendable (Int32) -> Void
  var onEnd: @Sendable (AttemptReport) -> Void
  var attempt: AttemptID { order.step.attempt }

  /// The same with its folder open.
  var opened: PendingAttempt {
    var opened = self
    opened.prepared = nil
    return opened
  }
}

/// The seats of a pool, one a process.
struct AgentSeats {
  enum Stage {
    /// Its folder or its command is being made; a kill is remembered.
    case preparing(isRecalled: Bool)
    case waiting
    /// The process has its turn open.
    case working(AgentProcess)
  }

  struct Seat {
    enum State {
      case busy(PendingAttempt)
      case idle
      /// Told to end; the seat is free when it has.
      case leaving
    }
    var process: AgentProcess
    var state: State
  }

  /// What is to be done outside of the lock.
  enum Task {
    case start(PendingAttempt, AgentProcess)
    case hand(PendingAttempt, AgentProcess)
    case dismiss(AgentProcess)
  }

  private(set) var seatsMax: Int
  var stages: [AttemptID: Stage] = [:]
  private(set) var waiting: [PendingAttempt] = []
  private(set) var seats: [AttemptID: Seat] = [:]
  private(set) var isStopped = false

  init(seatsMax: Int) { self.seatsMax = seatsMax }

  var isEmpty: Bool { seats.isEmpty && stages.isEmpty }

  /// Puts an attempt into the line, or back at its front; `false` when it was recalled meanwhile.
  mutating func enqueue(_ pending: PendingAttempt, first: Bool = false) -> Bool {
    var isRecalled = isStopped
    if case .preparing(true) = stages[pending.attempt] { isRecalled = true }
    guard !isRecalled else {
      stages[pending.attempt] = nil
      return false
    }
    stages[pending.attempt] = .waiting
    waiting.insert(pending, at: first ? 0 : waiting.count)
    return true
  }

  private var busyCount: Int {
    seats.values.count { if case .busy = $0.state { true } else { false } }
  }
  /// Whether there are more processes than a lower number allows.
  var isCrowded: Bool { seats.count > seatsMax }

  /// Another number of seats.
  ///
  /// - Returns: idle agents that are to leave; those that work do so when they have ended.
  mutating func resize(to count: Int) -> [AgentProcess] {
    seatsMax = count
    let idle = seats.values.filter { if case .idle = $0.state { true } else { false } }
      .map(\.process).sorted { $0.id < $1.id }
    let leaving = Array(idle.prefix(max(0, seats.count - count)))
    for process in leaving { close(process) }
    return leaving
  }

  /// Gives seats to those who wait, first come, first served.
  mutating func assign(makeProcess: (PendingAttempt) -> AgentProcess) -> [Task] {
    var tasks: [Task] = []
    while let next = waiting.first, busyCount < seatsMax {
      let identity = AgentIdentity(next.order.step)
      if let process = idle(where: { $0 == identity }) {
        tasks.append(.hand(next, process))
        seat(next, with: process)
      } else if seats.count < seatsMax {
        let process = makeProcess(next)
        tasks.append(.start(next, process))
        seat(next, with: process)
      } else {
        // An idle agent of another kind makes room; its end comes back here.
        if let process = idle(where: { $0 != identity }) {
          close(process)
          tasks.append(.dismiss(process))
        }
        break
      }
    }
    return tasks
  }

  private mutating func seat(_ pending: PendingAttempt, with process: AgentProcess) {
    waiting.removeFirst()
    seats[process.id] = Seat(process: process, state: .busy(pending))
    stages[pending.attempt] = .preparing(isRecalled: false)
  }

  /// Says that the process has the attempt's turn open; `false` when nobody wants it any more.
  mutating func takeUp(_ attempt: AttemptID, by process: AgentProcess) -> Bool {
    guard case .preparing(false)? = stages[attempt] else { return false }
    stages[attempt] = .working(process)
    return true
  }

  private func idle(where matches: (AgentIdentity) -> Bool) -> AgentProcess? {
    seats.values.filter { seat in
      if case .idle = seat.state { return matches(seat.process.identity) }
      return false
    }.map(\.process).min { $0.id > $1.id }
  }

  /// Keeps the seat from everybody until its process has ended.
  mutating func close(_ process: AgentProcess) { seats[process.id]?.state = .leaving }

  /// The same, if nobody has the seat.
  mutating func closeIfIdle(_ process: AgentProcess) {
    if case .idle? = seats[process.id]?.state { close(process) }
  }

  /// Ends an attempt's time on its seat: the process is idle, or leaves, or has left.
  mutating func release(
    _ process: AgentProcess, isReusable: Bool, hasLeft: Bool
  ) -> PendingAttempt? {
    guard let seat = seats[process.id] else { return nil }
    seats[process.id] = hasLeft ? nil : Seat(process: process, state: isReusable ? .idle : .leaving)
    guard case .busy(let pending) = seat.state else { return nil }
    stages[pending.attempt] = nil
    return pending
  }

  /// Frees the seat of a process that ended before it read its command: the attempt is to be
  /// prepared again.
  mutating func vacate(_ process: AgentProcess) -> PendingAttempt? {
    guard case .busy(let pending)? = seats.removeValue(forKey: process.id)?.state else {
      return nil
    }
    if case .working? = stages[pending.attempt] {
      stages[pending.attempt] = .preparing(isRecalled: false)
    }
    return pending
  }

  func isLeaving(_ process: AgentProcess) -> Bool {
    if case .leaving = seats[process.id]?.state { return true }
    return false
  }

  /// Takes one attempt out of the line.
  mutating func takeWaiting(_ attempt: AttemptID) -> PendingAttempt? {
    guard let index = waiting.firstIndex(where: { $0.attempt == attempt }) else { return nil }
    stages[attempt] = nil
    return waiting.remove(at: index)
  }

  /// Empties the line; those in preparation will not get into it.
  mutating func recallWaiting() -> [PendingAttempt] {
    for (attempt, stage) in stages {
      if case .preparing = stage { stages[attempt] = .preparing(isRecalled: true) }
    }
    defer { waiting = [] }
    for pending in waiting { stages[pending.attempt] = nil }
    return waiting
  }

  /// Lets nobody in any more; returns who is to leave and who is to be ended.
  mutating func stop() -> (idle: [AgentProcess], working: [(AgentProcess, AttemptID)]) {
    isStopped = true
    var idle: [AgentProcess] = []
    var working: [(AgentProcess, AttemptID)] = []
    for seat in seats.values {
      switch seat.state {
      case .idle:
        close(seat.process)
        idle.append(seat.process)
      case .busy(let pending): working.append((seat.process, pending.attempt))
      case .leaving: break
      }
    }
    return (idle, working)
  }
}

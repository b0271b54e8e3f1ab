// The front of the loop: any thread orders processes here, and gets their ends by callback.

package import BatchModel
import Foundation
import Glibc

/// Runs processes, each in a session of its own, on a few dedicated threads.
///
/// At most `slots` of the orders that take one run at once; the others wait, first come, first
/// served, and the next one starts in the moment in which one ends. A thread stands still until its
/// newest child has become its program: with one thread alone, short children would wait for each
/// other's starts.
///
/// Callbacks come on those threads and must return soon. When the last reference goes, everything
/// that still runs is killed.
package final class ProcessExecutor: Sendable {
  /// What a tree gets between TERM and KILL.
  package static let grace = Duration.seconds(5)
  private static let loopsMax = 4
  private let line: LaunchLine
  /// One for each thread.
  private let mailboxes: [ProcessMailbox]

  /// - Parameter onEnds: Called on a thread of the executor after one or more ends, a few
  ///   milliseconds after the first of them: whoever acts on ends can so act on several at once.
  package init(slots: Int = .max, onEnds: @escaping @Sendable () -> Void = {}) {
    precondition(slots >= 1, "at least one slot")
    let count = min(slots, ProcessInfo.processInfo.activeProcessorCount, Self.loopsMax)
    line = LaunchLine(slots: slots, loops: count)
    mailboxes = (0..<count).map { _ in ProcessMailbox() }
    for (number, mailbox) in mailboxes.enumerated() {
      let line = line
      let thread = Thread {
        // A child that closes its input must not kill us: write then says EPIPE.
        Self.mask(SIGPIPE, SIG_BLOCK)
        // Threads are made with everything blocked. A blocked SIGCHLD is not dropped though nobody
        // handles it: each child's end would wake the main thread and the one that reads signals.
        Self.mask(SIGCHLD, SIG_UNBLOCK)
        ProcessLoop(mailbox, line, number: number, onEnds: onEnds).run()
      }
      thread.name = "processes"
      thread.start()
    }
  }

  private static func mask(_ signal: Int32, _ how: Int32) {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, signal)
    pthread_sigmask(how, &signals, nil)
  }

  deinit { shutDown() }

  /// Starts a process.
  ///
  /// `onEvent` gets `launched`, unless nothing could be started, and then exactly one `ended`.
  ///
  /// - Precondition: No process with this id runs.
  package func launch(
    _ order: ProcessOrder, onEvent: @escaping @Sendable (ProcessEvent) -> Void
  ) {
    let launch = ProcessMailbox.Launch(order: order, onEvent: onEvent)
    guard order.takesSlot else {
      let mailbox = mailboxes[Int(order.id.number.magnitude % UInt64(mailboxes.count))]
      if !mailbox.post({ $0.launches.append(launch) }) { launch.refuse(.killed) }
      return
    }
    guard let idle = line.append(launch) else { return launch.refuse(.killed) }
    for loop in idle { _ = mailboxes[loop].post { $0.hasWork = true } }
  }

  /// Another number of slots: more start at once, and with fewer nothing starts until there is room.
  package func resize(slots: Int) {
    precondition(slots >= 1, "at least one slot")
    for loop in line.resize(slots: slots) { _ = mailboxes[loop].post { $0.hasWork = true } }
  }

  /// Ends a process and its whole tree: TERM, and KILL to what is left after `grace`.
  ///
  /// An id that does not run is ignored.
  package func kill(_ id: AttemptID, grace: Duration = ProcessExecutor.grace) {
    if let waiting = line.remove(id) { return refuse([waiting]) }
    post { $0.kills.append(ProcessMailbox.Kill(id: id, grace: grace)) }
  }

  /// Takes back an order if it waits for a slot: its end is `killed`, and it has no pid.
  package func recall(_ id: AttemptID) {
    if let waiting = line.remove(id) { return refuse([waiting]) }
    post { $0.kills.append(ProcessMailbox.Kill(id: id, grace: nil)) }
  }

  /// The same for every order that waits for a slot, or for the host to afford its process.
  package func recallWaiting() {
    refuse(line.removeAll())
    post { $0.recallsPostponed = true }
  }

  /// Runs a process and waits for its end; cancelling the task kills the tree.
  package func run(_ order: ProcessOrder) async -> ProcessReport {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        launch(order) { event in
          if case .ended(let report) = event { continuation.resume(returning: report) }
        }
      }
    } onCancel: {
      kill(order.id)
    }
  }

  /// Hands the next piece of work to a process whose input is `turns`; ignored when it has ended.
  package func begin(_ turn: ProcessTurn, on id: AttemptID) {
    post { $0.turns.append(.begin(turn, on: id)) }
  }

  /// Ends a turn: its log is closed and its limits are off; ignored when the process has ended.
  ///
  /// `onEnd` comes on the executor's thread and must return soon.
  package func endTurn(
    on id: AttemptID, onEnd: @escaping @Sendable (ProcessTurnReport) -> Void
  ) {
    post { $0.turns.append(.end(on: id, onEnd)) }
  }

  /// Writes to a process whose input is `turns`; ignored when it has ended.
  package func send(_ bytes: [UInt8], to id: AttemptID) {
    post { $0.turns.append(.send(bytes, to: id)) }
  }

  /// Closes a process's input; what has not ended by itself after `patience` is killed with its
  /// tree.
  package func dismiss(_ id: AttemptID, patience: Duration = ProcessExecutor.grace) {
    post { $0.turns.append(.dismiss(id, patience: patience)) }
  }

  /// Kills everything and takes no more orders: a later one is reported as killed.
  package func shutDown() {
    refuse(line.close())
    post { $0.isClosed = true }
  }

  /// Ends orders that waited in the line, on a thread of the executor if there still is one.
  private func refuse(_ launches: [ProcessMailbox.Launch]) {
    guard !launches.isEmpty else { return }
    if mailboxes[0].post({ $0.refusals += launches }) { return }
    for launch in launches { launch.refuse(.killed) }
  }

  /// Posts to every loop: the one that has the process knows it.
  private func post(_ change: (inout ProcessMailbox.Letters) -> Void) {
    // When a loop is over, nothing is left that a letter could be about.
    for mailbox in mailboxes { _ = mailbox.post(change) }
  }
}

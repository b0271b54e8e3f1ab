// The front of the loop: any thread orders processes here, and gets their ends by callback.

package import BatchModel
import Foundation
import Glibc

/// Runs processes, each in a session of its own, on one dedicated thread.
///
/// Callbacks come on that thread and must return soon. When the last reference goes, everything
/// that still runs is killed.
package final class ProcessExecutor: Sendable {
  /// What a tree gets between TERM and KILL.
  package static let grace = Duration.seconds(5)
  private let mailbox = ProcessMailbox()

  package init() {
    let mailbox = mailbox
    let thread = Thread {
      // A child that closes its input must not kill us: write then says EPIPE.
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, SIGPIPE)
      pthread_sigmask(SIG_BLOCK, &signals, nil)
      ProcessLoop(mailbox).run()
    }
    thread.name = "processes"
    thread.start()
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
    if !mailbox.post({ $0.launches.append(launch) }) { launch.refuse(.killed) }
  }

  /// Ends a process and its whole tree: TERM, and KILL to what is left after `grace`.
  ///
  /// An id that does not run is ignored.
  package func kill(_ id: AttemptID, grace: Duration = ProcessExecutor.grace) {
    // When the loop is over, nothing is left to kill.
    _ = mailbox.post { $0.kills.append(ProcessMailbox.Kill(id: id, grace: grace)) }
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

  /// Kills everything and takes no more orders: a later one is reported as killed.
  package func shutDown() {
    // When the loop is over, it was shut down before.
    _ = mailbox.post { $0.isClosed = true }
  }
}

// What an engine leaves behind that was killed while an attempt ran.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience
import Runtime

extension TestBatch {
  /// Leaves the newest run as a killed engine does: running, with one attempt under way.
  ///
  /// - Parameters:
  ///   - reservation: What the attempt holds of the cap.
  ///   - end: A state that the run came into before its engine was killed.
  /// - Returns: the staging folder of the attempt.
  @discardableResult
  func abandon(
    reserving reservation: Reservation? = nil, then end: RunState? = nil
  ) throws -> String {
    try withStore { store in
      let now = Instant.wallClock
      let run = try newest().run
      let epoch = try store.beginEpoch(pid: 1, bootID: "", host: "", at: now)
      try store.apply(
        [.runMoved(RunMoved(run: run, to: .running, why: "resumed", by: "test"))], of: run,
        at: now)
      guard let item = try store.claim(1, scope: .all, blocked: [], of: run, at: now).items.first
      else {
        throw NothingToAbandon()
      }
      let attempt = try store.nextAttempt()
      let key = StepKey(components: [
        KeyComponent(name: "payload", half: .input, digest: Digest(of: "payload"))
      ])
      try store.apply(
        [
          .attemptStarted(
            AttemptStarted(
              attempt: attempt, item: item.id, step: 0, tryNumber: 1, epoch: epoch, key: key,
              why: "new", reservation: reservation))
        ], of: run, at: now)
      let staging = "\(layout.staging(of: run))/\(attempt)-\(epoch)"
      try PrivateFolder.create(staging)
      if let end {
        try store.apply(
          [.runMoved(RunMoved(run: run, to: end, why: "by hand", by: "test"))], of: run, at: now)
      }
      return staging
    }
  }
}

extension TestBatch {
  /// A process that says it works on the first attempt of the first engine.
  func orphan() throws -> Process {
    let orphan = Process()
    orphan.executableURL = URL(fileURLWithPath: "/bin/sleep")
    orphan.arguments = ["300"]
    orphan.environment = [
      "FOOTPLATE_WORKSPACE": root, "FOOTPLATE_ATTEMPT": "1", "FOOTPLATE_EPOCH": "1",
    ]
    try orphan.run()
    return orphan
  }
}

struct NothingToAbandon: Error {}

// ORPHANED_PROCESS: a step's process that outlived its engine.

import BatchModel
import Executors

extension DoctorCheck {
  static let orphanedProcess = DoctorCheck(.orphanedProcess) { examination in
    // A living engine ended them at its start, and the others are its own.
    guard !examination.isEngineLive else { return [] }
    return OrphanSweep(workspace: examination.layout.root, epoch: .none).find().map { orphan in
      Finding(
        .orphanedProcess, .warning, "process \(orphan.pid)",
        "it works on attempt \(orphan.attempt) of an engine that is gone", .safe,
        "ends it with everything that it started; that cannot be taken back")
    }
  } fix: { _, session in
    OrphanSweep(workspace: session.layout.root, epoch: .none).sweep().map { orphan in
      "process \(orphan.pid) of attempt \(orphan.attempt) is ended"
    }
  }
}

extension Epoch {
  /// No engine's: they are numbered from 1.
  fileprivate static let none = Epoch(0)
}

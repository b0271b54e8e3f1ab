// What the workspace was when a run began, for agents that are told of it and for steps in copies of it.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience

/// The snapshot of one run: taken at its start, kept for as long as it goes on.
struct SnapshotAtStart {
  /// More problems than this are counted, not named.
  private static let shownProblemsMax = 5

  let run: RunID
  let layout: WorkspaceLayout
  let reader: any StoreReading
  let queue: WriteQueue
  let clock: @Sendable () -> Instant
  let news: @Sendable (SessionNews) -> Void

  /// Whether any step asks for it.
  static func isNeeded(by steps: [Step]) -> Bool {
    steps.contains { step in
      if case .agent = step.kind { return true }
      return step.workspace == .copy
    }
  }

  /// The run's snapshot: that of its first start, if it was resumed.
  ///
  /// - Throws: `SnapshotFile.Mistake` for one that somebody changed, `FilesError`, `StoreError`.
  func take() async throws -> SnapshotManifest {
    let folder = layout.folder(of: run)
    if FileManager.default.fileExists(atPath: "\(folder)/\(SnapshotFile.name)") {
      return try SnapshotFile.read(in: folder)
    }
    let taken = try await takeNow()
    let manifest = taken.manifest
    try PrivateFolder.create(folder)
    try SnapshotFile.write(manifest, in: folder)
    for start in stride(from: 0, to: taken.computed.count, by: 5000) {
      let part = Array(taken.computed[start..<min(start + 5000, taken.computed.count)])
      try await queue.perform { store throws(StoreError) in try store.remember(part) }
    }
    let note = Change.noted(
      Noted(run: run, code: "snapshot", message: "\(manifest.id): \(manifest.entries.count) files"))
    let now = clock()
    try await queue.write([note], of: run, at: now)
    news(.committed(now, [note]))
    tell(taken.problems)
    return manifest
  }

  /// Reads what changed since its digest was remembered, and nothing else.
  @concurrent private func takeNow() async throws -> WorkspaceSnapshot {
    let reader = reader
    return try WorkspaceSnapshot.take(of: layout.root, at: clock()) { path, stamp in
      // A digest that cannot be looked up is taken again.
      guard let known = try? reader.fileDigest(of: path), known.stamp == stamp else { return nil }
      return known.digest
    }
  }

  private func tell(_ problems: [SnapshotProblem]) {
    guard !problems.isEmpty else { return }
    let shown = problems.prefix(Self.shownProblemsMax).map(\.description).joined(separator: "; ")
    news(.warning("\(problems.count) files are not in the snapshot: \(shown)"))
  }
}

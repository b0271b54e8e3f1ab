// The batch's source compared with the run's items, chunk by chunk.

import BatchDefinition
import BatchModel
import BatchStore
import Executors
import Resilience

/// Brings a run's items in line with their source.
struct SourceIntake {
  private static let chunk = 10_000
  let layout: WorkspaceLayout
  let batch: Batch
  let renderer: TemplateRenderer
  let queue: WriteQueue
  let clock: @Sendable () -> Instant

  struct Outcome {
    var report: SourceReport
    /// Entries that are no items, as sentences.
    var problems: [String]
  }

  /// - Throws: `ItemSourceError` for a source that cannot be read or is empty, `StoreError`.
  func take(into run: RunID) async throws -> Outcome {
    let enumerator = try ItemEnumerator(
      batch.items, folder: layout.root, renderer: renderer,
      runCommand: { arguments in
        try CommandOutput.start(arguments, folder: layout.root)
      })
    let start = clock()
    try await queue.perform { store throws(StoreError) in
      try store.openSource(of: run, at: start)
    }
    while true {
      let items = try enumerator.nextChunk(of: Self.chunk)
      guard !items.isEmpty else { break }
      let now = clock()
      try await queue.perform { store throws(StoreError) in
        try store.offer(items, to: run, at: now)
      }
    }
    let end = clock()
    let report = try await queue.perform { store throws(StoreError) in
      try store.closeSource(of: run, at: end)
    }
    return Outcome(report: report, problems: enumerator.problems.map(\.description))
  }
}

extension DependencyProblem: CustomStringConvertible {
  /// Names the items.
  package var description: String {
    switch self {
    case .missing(let item, let needs):
      "\(item) comes after \(needs), and there is no such item"
    case .cycle(let keys): "a cycle: \(keys.joined(separator: " → "))"
    }
  }
}

// Bringing the commits of a run's items home, onto the branch that is checked out.

package import BatchModel
import BatchStore
import Engine
package import Executors
import Resilience

/// Lands the commits of one run.
///
/// What has landed is remembered in the repository, so that landing again lands only what is new; a
/// commit that does not fit fails its item, whose retry starts from what the branch has become.
package struct CommitLanding: Sendable {
  /// What a landing did.
  package struct Report: Sendable {
    package var run: RunID
    package var isDryRun: Bool
    package var branch: String
    package var before: CommitID
    package var after: CommitID
    /// In the order of the items; those that had landed before are left out.
    package var outcomes: [(commit: LandingCommit, outcome: LandingOutcome)]
    /// How many had landed before.
    package var landedBefore: Int

    /// How many items failed.
    package var failedCount: Int { outcomes.count { $0.outcome.failure != nil } }
  }

  /// Why nothing can land.
  package enum Mistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// No step of the run works in a worktree.
    case noWorktrees(run: String)
    case repository(GitError)

    package var description: String {
      switch self {
      case .noWorktrees(let run):
        "\(run): no step works in a worktree; workspace: worktree makes commits that can land"
      case .repository(let error): "nothing has landed: \(error)"
      }
    }
  }

  /// A commit and the step that left it.
  private struct Candidate {
    var commit: LandingCommit
    var step: Int
  }

  private let layout: WorkspaceLayout

  package init(layout: WorkspaceLayout) { self.layout = layout }

  /// Lands what is done and has not landed, in the order of the items.
  ///
  /// - Throws: `OpenError.held` while an engine works, `Mistake`, `StoreError`, `FilesError`.
  package func land(run: RunSummary, isDryRun: Bool) async throws -> Report {
    let workspace = try OpenWorkspace(layout)
    let result: Result<Report, any Error>
    do {
      result = .success(try await land(run, in: workspace.store, isDryRun: isDryRun))
    } catch {
      result = .failure(error)
    }
    try workspace.close()
    return try result.get()
  }

  private func land(
    _ run: RunSummary, in store: any StoreWriting, isDryRun: Bool
  ) async throws -> Report {
    let batch = try store.batch(of: run.run)
    guard batch?.steps.contains(where: \.hasWorktree) == true else {
      throw Mistake.noWorktrees(run: run.run.text)
    }
    let all = try candidates(of: run, in: store)
    let (report, open) = try await land(all, of: run.run, isDryRun: isDryRun)
    if !isDryRun { try write(report, of: open, in: store) }
    return report
  }

  /// - Returns: what was done, and to which candidates.
  private func land(
    _ all: [Candidate], of run: RunID, isDryRun: Bool
  ) async throws(Mistake) -> (Report, [Candidate]) {
    let repository = WorkspaceRepository(layout)
    do throws(GitError) {
      let landed = try await repository.marks.commits(.landed)
      let open = all.filter { !landed.contains($0.commit.commit.text) }
      let marks = repository.marks
      let report = try await repository.landing.land(
        open.map(\.commit), isDryRun: isDryRun
      ) { commit, outcome throws(GitError) in
        guard !isDryRun else { return }
        try await marks.note(commit.commit, outcome.failure == nil ? .landed : .refused)
      }
      let done = Report(
        run: run, isDryRun: isDryRun, branch: report.branch, before: report.before,
        after: report.after, outcomes: report.outcomes, landedBefore: all.count - open.count)
      return (done, open)
    } catch {
      throw .repository(error)
    }
  }

  /// The commits of finished items, each item's in the order of its steps.
  private func candidates(
    of run: RunSummary, in store: any StoreReading
  ) throws -> [Candidate] {
    var found: [Candidate] = []
    try store.forEachRow(of: run.run, filter: ItemFilter(states: [.done, .skipped])) { row in
      guard let detail = try store.detail(of: row.id) else { return }
      for (step, name) in run.steps.enumerated() {
        guard let receipt = detail.receipts.last(where: { $0.step == name }),
          let commit = receipt.commit.flatMap({ CommitID($0) })
        else { continue }
        found.append(
          Candidate(
            commit: LandingCommit(item: row.id, key: row.key, commit: commit), step: step))
      }
    }
    return found
  }

  /// Fails the items whose commits do not fit, and tells the ledger what has landed.
  private func write(
    _ report: Report, of candidates: [Candidate], in store: any StoreWriting
  ) throws(StoreError) {
    var changes: [Change] = []
    var failed: Set<ItemID> = []
    var landed = 0
    for (candidate, (_, outcome)) in zip(candidates, report.outcomes) {
      guard let failure = outcome.failure else {
        landed += 1
        continue
      }
      let item = candidate.commit
      guard failed.insert(item.item).inserted else { continue }
      changes.append(
        .itemMoved(
          ItemMoved(
            item: item.item, to: .failed, step: candidate.step, tries: 1,
            signature: Signature(of: failure, itemKey: item.key), note: failure.summary)))
    }
    guard !report.outcomes.isEmpty else { return }
    let message = "\(landed) commits on \(report.branch), which is \(report.after) now"
    changes.append(.noted(Noted(run: report.run, code: "landed", message: message)))
    try store.apply(changes, of: report.run, at: .wallClock)
  }
}

extension Step {
  /// Whether it leaves commits.
  fileprivate var hasWorktree: Bool {
    if case .worktree = workspace { true } else { false }
  }
}

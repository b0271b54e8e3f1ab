// A verification with its repairs as one value, for people and for `verify --json`.

package import BatchModel
import BatchStore
import DurableFiles
import Resilience

/// What a verification found and did.
package struct Verification: Sendable {
  package struct Line: Sendable {
    package var problem: ArtifactProblem
    /// `nil` when nothing was tried.
    package var outcome: ArtifactRepair.Outcome?

    /// Whether it is right again.
    package var isMended: Bool {
      switch outcome {
      case .restored, .sealed: true
      case .leftAlone, .lost, .refused, nil: false
      }
    }
  }
  package private(set) var totals = VerificationTotals()
  package private(set) var lines: [Line] = []
  package var isClean: Bool { lines.allSatisfy(\.isMended) }

  /// Looks only.
  package static func look(_ client: RunClient) throws -> Verification {
    var verification = Verification()
    verification.totals = try ArtifactVerifier(layout: client.layout, store: client.store)
      .verify { verification.lines.append(Line(problem: $0, outcome: nil)) }
    return verification
  }

  /// Looks and repairs, with the workspace's lock; the ledger tells what was put back.
  ///
  /// - Throws: `OpenError.held` while an engine runs.
  package static func repair(
    _ layout: WorkspaceLayout, force: Bool
  ) throws -> Verification {
    let workspace = try OpenWorkspace(layout)
    var verification = Verification()
    do {
      let repair = ArtifactRepair(publisher: workspace.publisher)
      verification.totals = try ArtifactVerifier(layout: layout, store: workspace.store)
        .verify { problem in
          let outcome = try repair.repair(problem, force: force)
          verification.lines.append(Line(problem: problem, outcome: outcome))
        }
      try verification.record(in: workspace)
    } catch {
      // The first error says what happened; what was restored is in its place already.
      try? workspace.close()
      throw error
    }
    try workspace.close()
    return verification
  }

  private func record(in workspace: OpenWorkspace) throws {
    let paths = lines.filter(\.isMended).map(\.problem.path)
    guard let run = try workspace.store.runs(limit: 1).first?.run, let first = paths.first else {
      return
    }
    let rest = paths.count > 1 ? " and \(paths.count - 1) more" : ""
    let note = Noted(run: run, code: "healed", message: "restored \(first)\(rest)")
    try workspace.store.apply([.noted(note)], of: run, at: .wallClock)
  }
}

/// `verify --json`.
package struct VerificationReport: Codable {
  package let schemaVersion: Int
  package let receipts: Int
  package let artifacts: Int
  package let bytes: Int64
  package let problems: [Problem]

  package struct Problem: Codable {
    package let kind: ArtifactProblem.Kind
    package let path: String
    package let item: String
    package let step: String
    package let expected: Digest
    package let found: Digest?
    package let repair: Repair?
    package let remedy: String?
  }

  /// What a repair did.
  package enum Repair: String, Codable, CaseIterable {
    case restored, sealed, lost, refused
    case leftAlone = "left-alone"
  }

  package init(_ verification: Verification) {
    schemaVersion = 1
    receipts = verification.totals.receipts
    artifacts = verification.totals.artifacts
    bytes = verification.totals.bytes
    problems = verification.lines.map(Problem.init)
  }
}

extension VerificationReport.Problem {
  init(_ line: Verification.Line) {
    let problem = line.problem
    kind = problem.kind
    path = problem.path
    item = problem.item
    step = problem.step
    expected = problem.expected.digest
    found = if case .file(let digest)? = problem.found { digest } else { nil }
    repair = line.outcome.map(VerificationReport.Repair.init)
    remedy = line.isMended ? nil : problem.remedy
  }
}

extension VerificationReport.Repair {
  init(_ outcome: ArtifactRepair.Outcome) {
    self =
      switch outcome {
      case .restored: .restored
      case .sealed: .sealed
      case .leftAlone: .leftAlone
      case .lost: .lost
      case .refused: .refused
      }
  }
}

// `land --json`.

import BatchModel
import Executors

/// What a landing did, or in a dry run would do.
package struct LandingRecord: Codable {
  /// One commit.
  package struct Entry: Codable {
    package let item: String
    package let commit: String
    /// `landed`, `already-there`, `conflict` or `blocked`.
    package let outcome: String
    /// The commit that it became on the branch.
    package let landedAs: String?
    /// The files in conflict.
    package let files: [String]?
    package let message: String?
  }

  package let schemaVersion: Int
  package let run: String
  package let dryRun: Bool
  package let branch: String
  package let before: String
  package let after: String
  /// Commits that had landed before this landing.
  package let landedBefore: Int
  package let commits: [Entry]

  package init(_ report: CommitLanding.Report) {
    schemaVersion = 1
    run = report.run.text
    dryRun = report.isDryRun
    branch = report.branch
    before = report.before.text
    after = report.after.text
    landedBefore = report.landedBefore
    commits = report.outcomes.map { Entry($0.commit, $0.outcome) }
  }
}

extension LandingRecord.Entry {
  fileprivate init(_ commit: LandingCommit, _ outcome: LandingOutcome) {
    item = commit.key
    self.commit = commit.commit.text
    message = outcome.failure?.message
    switch outcome {
    case .landed(let made):
      (self.outcome, landedAs, files) = ("landed", made.text, nil)
    case .alreadyThere:
      (self.outcome, landedAs, files) = ("already-there", nil, nil)
    case .conflict(let names):
      (self.outcome, landedAs, files) = ("conflict", nil, names)
    case .blocked:
      (self.outcome, landedAs, files) = ("blocked", nil, nil)
    }
  }
}

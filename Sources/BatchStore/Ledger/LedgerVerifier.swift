// Is the ledger whole, is the mirror its copy, and does replaying it give the state of the store?

package import BatchModel
import Foundation

/// What a verification found.
package struct LedgerReport: Hashable, Sendable {
  /// Events that were replayed.
  package var events: Int
  package var problems: [LedgerProblem]
  package init(events: Int, problems: [LedgerProblem]) {
    self.events = events
    self.problems = problems
  }
}

/// Verifies a store against its mirrors, in constant memory.
package struct LedgerVerifier {
  private let database: String
  private let mirrorFolder: String
  private let objects: any ObjectStoring

  package init(database: String, mirrorFolder: String, objects: any ObjectStoring) {
    self.database = database
    self.mirrorFolder = mirrorFolder
    self.objects = objects
  }

  /// Replays the mirrors into a temporary store and compares.
  ///
  /// Changes nothing.
  ///
  /// - Parameter temporaryFolder: Takes a store of about the size of the real one, for as long as
  ///   the call lasts.
  package func verify(temporaryFolder: String) throws(StoreError) -> LedgerReport {
    let reader = try SQLiteReader(path: database)
    let before = try reader.changeCounter()
    let reference = try LedgerReference(
      mirrorFolder: mirrorFolder, objects: objects, temporaryFolder: temporaryFolder)
    var problems = try reference.problems(of: reader)
    if try reader.changeCounter() != before { problems = problems.filter(\.isLasting) + [.movedOn] }
    return LedgerReport(events: reference.events, problems: problems)
  }
}

extension LedgerProblem {
  /// Whether it stays a problem although the store moved on meanwhile.
  fileprivate var isLasting: Bool {
    switch self {
    case .corruptLine, .mendedLine, .brokenChain, .gap, .differs, .unproven, .missingObject,
      .refused:
      true
    case .tornTail, .behind, .ahead, .state, .counts, .movedOn: false
    }
  }
}

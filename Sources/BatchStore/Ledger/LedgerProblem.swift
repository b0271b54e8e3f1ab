// What can be wrong with a ledger, its mirror, and the database that they should agree with.

package import BatchModel

/// One finding of a verification or a rebuild.
package enum LedgerProblem: Hashable, Sendable {
  /// A line that no ledger has.
  case corruptLine(run: RunID, line: Int)
  /// A line with one wrong bit: what stood there is known, since the next line has its digest.
  case mendedLine(run: RunID, line: Int)
  /// A line that names another line as the one before it: something was taken out or put in.
  case brokenChain(run: RunID, line: Int)
  /// A line that was being written; cut when the store is opened.
  case tornTail(run: RunID, bytes: Int)
  /// Numbers that no mirror has.
  case gap(from: Int64, to: Int64)
  /// The mirror ends before the database; opening the store appends the rest.
  case behind(run: RunID, mirror: Int64, store: Int64)
  /// The mirror has more than the database, which has lost transactions.
  case ahead(run: RunID, mirror: Int64, store: Int64)
  /// An event of the database is not the one of the ledger, whose next line proves it.
  case differs(sequence: Int64)
  /// The newest event is not the same in both, and the database's rows follow their own.
  case unproven(run: RunID, sequence: Int64)
  case missingObject(sequence: Int64, digest: Digest)
  /// An event that the state before it does not allow.
  case refused(sequence: Int64, reason: String)
  /// Rows that replaying the ledger gives otherwise.
  case state(table: String, rows: Int, example: String)
  /// The kept counts are not those of the items.
  case counts(run: RunID)
  /// Somebody wrote during the verification, so the states were not compared.
  case movedOn
}

extension LedgerProblem {
  /// The doctor's word for it.
  package var code: String {
    switch self {
    case .corruptLine, .mendedLine, .brokenChain, .gap, .missingObject, .refused, .unproven:
      "LEDGER_CORRUPT_LINE"
    case .tornTail, .behind: "LEDGER_BEHIND"
    case .ahead, .state, .differs: "BATCH_PROGRESS_CORRUPT"
    case .counts: "COUNTS_DRIFT"
    case .movedOn: "LEDGER_MOVED_ON"
    }
  }
}

extension LedgerProblem {
  /// Whether something is gone that a rebuild cannot bring back.
  var isLoss: Bool {
    switch self {
    case .corruptLine, .brokenChain, .tornTail, .gap, .missingObject, .refused: true
    case .mendedLine, .behind, .ahead, .differs, .unproven, .state, .counts, .movedOn: false
    }
  }
}

extension LedgerProblem: CustomStringConvertible {
  /// What is wrong, in one line.
  package var description: String {
    switch self {
    case .corruptLine(let run, let line): "\(run): line \(line) of its ledger is damaged"
    case .mendedLine(let run, let line):
      "\(run): line \(line) of its ledger has one wrong bit, and the next line tells which"
    case .brokenChain(let run, let line):
      "\(run): line \(line) of its ledger does not follow the line before it"
    case .tornTail(let run, let bytes): "\(run): its ledger ends in \(bytes) bytes of a line"
    case .gap(let from, let to): "events \(from) to \(to) are in no ledger"
    case .behind(let run, let mirror, let store):
      "\(run): its ledger ends at event \(mirror), the database at \(store)"
    case .ahead(let run, let mirror, let store):
      "\(run): its ledger ends at event \(mirror), the database already at \(store)"
    case .differs(let sequence): "event \(sequence) of the database is not the ledger's"
    case .unproven(let run, let sequence):
      "\(run): the last line of its ledger is not event \(sequence) of the database"
    case .missingObject(let sequence, let digest): "event \(sequence) needs the lost \(digest)"
    case .refused(let sequence, let reason): "event \(sequence) cannot be: \(reason)"
    case .state(let table, let rows, let example):
      "\(rows) rows of \(table) are not what the ledger says, such as \(example)"
    case .counts(let run): "\(run): the kept counts are not those of its items"
    case .movedOn: "the store was written meanwhile; verify again when no engine works"
    }
  }
}

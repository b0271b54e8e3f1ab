// The schemas of everything that a command writes with `--json`, from one table.

package import BatchModel

/// A kind of output, with the command that writes it.
package enum OutputSchema: String, CaseIterable, Sendable {
  case status, cost, item, detail, attempt, receipt, result, event, failure, plan, doctor, verify,
    ledger, gc, land, review, sync, track, compare, lineage, away

  /// Where it comes from.
  package var origin: String {
    switch self {
    case .status: "footplate status --json, and each line of footplate runs --json"
    case .cost: "footplate cost --json"
    case .item: "each line of footplate export items"
    case .detail: "footplate show ITEM --json"
    case .attempt: "each line of footplate export attempts"
    case .receipt: "each line of footplate export receipts and footplate receipts --json"
    case .result: "each line of footplate export results"
    case .event: "each line of footplate run --json and footplate ledger --json"
    case .failure: "each group of footplate failures --json"
    case .plan: "each line of footplate plan --json"
    case .doctor: "footplate doctor --json"
    case .verify: "footplate verify --json"
    case .ledger: "footplate ledger --verify --json"
    case .gc: "footplate gc --json"
    case .land: "footplate land --json"
    case .review: "footplate review ITEM --json, and each line of footplate review --json"
    case .sync: "footplate sync --json, and outbox of footplate status --json"
    case .track: "footplate track stats --json"
    case .compare: "footplate compare --json"
    case .lineage: "footplate lineage PATH --json"
    case .away: "footplate status --since TIME --json"
    }
  }

  /// Draft 2020-12.
  package var schema: JSONValue {
    get throws {
      let found = try SchemaProbe.schema(of: report)
      guard case .object(var members) = found else {
        throw UnknownForm(type: rawValue)
      }
      members["$schema"] = .string("https://json-schema.org/draft/2020-12/schema")
      members["title"] = .string(origin)
      return .object(members)
    }
  }

  private var report: any Decodable.Type {
    switch self {
    case .status: StatusReport.self
    case .cost: CostReport.self
    case .item: ItemReport.self
    case .detail: ItemDetailReport.self
    case .attempt: AttemptReportLine.self
    case .receipt: ReceiptReport.self
    case .result: ResultRecord.self
    case .event: EventRecord.self
    case .failure: FailureReport.self
    case .plan: PlanRecord.self
    case .doctor: DoctorReport.self
    case .verify: VerificationReport.self
    case .ledger: LedgerVerificationReport.self
    case .gc: GarbageReport.self
    case .land: LandingRecord.self
    case .review: ReviewReport.self
    case .sync: OutboxReport.self
    case .track: TrackReport.self
    case .compare: RunComparison.self
    case .lineage: LineageReport.self
    case .away: AwayRecord.self
    }
  }
}

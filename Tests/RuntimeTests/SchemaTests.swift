// The schemas of the outputs: what the commands really write is valid, and nothing else is.

import BatchDefinition
import BatchModel
import BatchStore
import Foundation
import Resilience
import Runtime
import Testing

@Suite(.serialized) struct SchemaTests {
  private func json(_ value: some Encodable) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: ReportCoding.encoder().encode(value))
  }

  private func problem(_ value: some Encodable, _ output: OutputSchema) throws -> String? {
    try JSONSchema(output.schema).problem(with: try json(value))
  }

  /// A run with a success, a failure, a retry to come, a check that warns, and an artifact.
  private func workedBatch() async throws -> TestBatch {
    let batch = try TestBatch(
      """
      version: 1
      name: test
      items: {glob: "in/*.txt"}
      steps:
        - {id: first, run: "tr a-z A-Z < {{path}}"}
        - id: second
          run: "test {{stem}} != b && cat {{first.candidate}}"
          output: "out/{{stem}}.txt"
          checks: [{name: long, regex: "WILL NOT MATCH"}]
          enforcement: warn
      retry: {attempts: 1}
      """)
    try await batch.run()
    return batch
  }

  @Test("Every event of a real ledger is valid")
  func events() async throws {
    let batch = try await workedBatch()
    let client = try batch.client()
    let run = try client.resolve(nil).run
    _ = try client.submit(
      .items(.retry(fromStep: nil, overrides: Overrides()), .failed), of: run, by: "test")
    let entries = try client.store.entries(of: nil, after: 0, limit: 1000)
    let schema = try JSONSchema(OutputSchema.event.schema)
    for entry in entries {
      #expect(schema.problem(with: try json(EventRecord(entry, item: "key"))) == nil)
      let bare = EventRecord(at: entry.at, item: nil, entry.change)
      #expect(schema.problem(with: try json(bare)) == nil)
    }
    #expect(Set(entries.map(\.change.kind)).count >= 9)
  }

  @Test("Reports of a real run are valid")
  func reports() async throws {
    let batch = try await workedBatch()
    let client = try batch.client()
    let summary = try client.resolve(nil)
    let snapshot = try client.snapshot(of: summary.run)
    #expect(try problem(StatusReport(snapshot, current: ["in/a.txt"]), .status) == nil)
    for group in snapshot.groups { #expect(try problem(FailureReport(group), .failure) == nil) }
    #expect(!snapshot.groups.isEmpty)
    try client.forEachRow(of: summary.run, filter: ItemFilter()) { row in
      #expect(try problem(ItemReport(row, steps: summary.steps), .item) == nil)
      let detail = try #require(try client.store.detail(of: row.id))
      #expect(try problem(ItemDetailReport(detail, steps: summary.steps), .detail) == nil)
      for attempt in detail.attempts {
        let report = AttemptReportLine(attempt, of: row, steps: summary.steps)
        #expect(try problem(report, .attempt) == nil)
      }
    }
    for receipt in try client.store.receipts(itemKey: nil, limit: 100) {
      #expect(try problem(ReceiptReport(receipt), .receipt) == nil)
      #expect(try problem(ResultRecord(receipt, object: "/path"), .result) == nil)
    }
    _ = try batch.withStore { store in
      try store.track(
        [
          ArtifactTracked(
            action: .merged, path: "note.md", from: ["out/a.txt", "/elsewhere"], source: "hook",
            nature: "text", toldAt: .wallClock, itemKey: "in/a.txt", attempt: 1)
        ], of: summary.run, at: .wallClock)
    }
    for path in ["in/a.txt", "out/a.txt", "note.md"] {
      var walk = LineageWalk(layout: batch.layout, store: try batch.client().store)
      let graph = try walk.graph(of: .path(path), .both)
      #expect(graph.nodes.count >= 3)
      #expect(try problem(LineageReport(graph), .lineage) == nil)
    }
  }

  @Test("Reports of an engine at work are valid")
  func gauges() async throws {
    let batch = try await workedBatch()
    var snapshot = try batch.client().snapshot(of: try batch.newest().run)
    snapshot.engine = .live(
      Gauges(
        at: .wallClock, pid: 1, itemsPerSecond: 1.5, slotsUsed: 1, slots: 2, windowItems: 3,
        writes: WriteFigures()))
    #expect(try problem(StatusReport(snapshot, current: []), .status) == nil)
  }

  @Test("What the doctor, verify, the ledger's verification and gc write is valid")
  func upkeep() async throws {
    let batch = try await workedBatch()
    try batch.remove("out/a.txt")
    try batch.write("out/c.txt", "mine")
    let doctor = batch.doctor()
    let found = DoctorReport(findings: doctor.examine(), fixes: [])
    #expect(found.findings.map(\.code) == [.artifactMissing, .artifactChanged])
    #expect(try problem(found, .doctor) == nil)
    let fixes = try doctor.fix(nil)
    #expect(try problem(DoctorReport(findings: [], fixes: fixes), .doctor) == nil)
    let undone = try doctor.undo()
    #expect(
      try problem(DoctorReport(undone: undone.code, done: undone.done, findings: []), .doctor)
        == nil)
    let verification = try Verification.repair(batch.layout, force: true)
    #expect(verification.lines.count == 2)
    #expect(try problem(VerificationReport(verification), .verify) == nil)
    let ledger = LedgerReport(events: 1, problems: [.movedOn])
    #expect(try problem(LedgerVerificationReport(ledger), .ledger) == nil)
    let removals = try GarbageCollection(layout: batch.layout).collect()
    #expect(try problem(GarbageReport(removals, isDryRun: false), .gc) == nil)
    let plan = PlanRecord(item: "a", fate: .runs, step: nil, why: "new")
    #expect(try problem(plan, .plan) == nil)
  }

  @Test("A member that is missing, unknown or of another type is no valid output")
  func strict() async throws {
    let batch = try await workedBatch()
    let snapshot = try batch.client().snapshot(of: try batch.newest().run)
    let report = try json(StatusReport(snapshot, current: []))
    guard case .object(let members) = report else {
      Issue.record("a status is no object")
      return
    }
    let schema = try JSONSchema(OutputSchema.status.schema)
    func isValid(_ change: (inout [String: JSONValue]) -> Void) -> Bool {
      var changed = members
      change(&changed)
      return schema.problem(with: .object(changed)) == nil
    }
    #expect(isValid { _ in })
    #expect(!isValid { $0["run"] = nil })
    #expect(!isValid { $0["run"] = .integer(1) })
    #expect(!isValid { $0["colour"] = .string("red") })
  }

  @Test("Every output has a schema that says where it comes from", arguments: OutputSchema.allCases)
  func table(_ output: OutputSchema) throws {
    let schema = try output.schema
    #expect(schema["title"] == .string(output.origin))
    #expect(schema["properties"] != nil)
  }
}

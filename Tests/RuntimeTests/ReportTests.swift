// Reports for other programs: metrics, and the columns of tables.

import BatchModel
import Resilience
import Testing

@testable import Runtime

@Suite("Reports for other programs")
struct ReportTests {
  private static func snapshot(engine: EngineLiveness = .absent) -> RunSnapshot {
    RunSnapshot(
      at: Instant(milliseconds: 5000),
      summary: RunSummary(
        run: RunID("run-test"), batch: "a \"b\" \\", definition: Digest(of: ""), steps: ["one"],
        state: .running, why: "", startedAt: Instant(milliseconds: 1500),
        updatedAt: Instant(milliseconds: 5000), counts: ItemCounts(queued: 3, done: 7, failed: 2),
        unknownAttempts: 1), engine: engine, groups: [], nextDue: nil, pendingRequests: [],
      budget: BudgetFigures(
        spent: .init(picodollars: 1_250_000_000_000), reserved: .zero,
        cap: .init(picodollars: 40_000_000_000_000), isLatched: false))
  }

  @Test("The metrics name batch and run, escape them, and give each figure once")
  func metrics() {
    let lines = PrometheusText(Self.snapshot()).text.split(separator: "\n").map(String.init)
    let names = #"batch="a \"b\" \\",run="run-test""#
    #expect(lines.contains("footplate_items{\(names),state=\"done\"} 7"))
    #expect(lines.contains("footplate_items{\(names),state=\"cancelled\"} 0"))
    #expect(lines.contains("footplate_run_state{\(names),state=\"running\"} 1"))
    #expect(lines.contains("footplate_run_start_time_seconds{\(names)} 1.5"))
    #expect(lines.contains("footplate_spent_usd{\(names)} 1.25"))
    #expect(lines.contains("footplate_cap_usd{\(names)} 40"))
    #expect(lines.contains("footplate_up{\(names)} 0"))
    let types = lines.filter { $0.hasPrefix("# TYPE ") }
    #expect(Set(types).count == types.count)
    let helps = lines.filter { $0.hasPrefix("# HELP ") }
    #expect(helps.count == types.count)
    #expect(lines.filter { !$0.hasPrefix("#") }.allSatisfy { $0.hasPrefix("footplate_") })
  }

  @Test("The metrics of an engine have a sample for each provider")
  func providers() {
    let gate = { (name: String, breaker: String) in
      GateGauge(
        provider: name, breaker: breaker, inFlight: 3, concurrencyLimit: nil, waiting: 4,
        waitReason: nil, until: nil, calls: 9, inputTokens: 100, outputTokens: 20)
    }
    let gauges = Gauges(
      at: Instant(milliseconds: 5000), pid: 1, itemsPerSecond: 2.5, slotsUsed: 3, slots: 8,
      windowItems: 9, writes: WriteFigures(written: 12),
      gates: [gate("one", "closed"), gate("two", "open")])
    let text = PrometheusText(Self.snapshot(engine: .live(gauges))).text
    #expect(text.contains("provider=\"one\"} 3\n"))
    #expect(text.contains("# TYPE footplate_provider_calls_total counter\n"))
    #expect(text.contains("run=\"run-test\",provider=\"two\"} 0\n"))
    let speed = text.split(separator: "\n").first { $0.hasPrefix("footplate_items_per_second{") }
    #expect(speed?.hasSuffix("} 2.5") == true)
  }

  @Test(
    "The columns of a table are what its schema has",
    arguments: [OutputSchema.item, .attempt, .receipt, .result])
  func columns(output: OutputSchema) throws {
    guard case .object(let members)? = try output.schema["properties"] else {
      Issue.record("\(output) has no properties")
      return
    }
    let columns = try #require(output.columns)
    #expect(columns.sorted() == members.keys.sorted())
  }

  @Test("A cell is empty for what is missing, a text as it is, and JSON for what has a structure")
  func cells() throws {
    struct Probe: Encodable {
      var name = "a,b"
      var count = 3
      var missing: String?
      var list = ["x", "y"]
      var isGood = true
    }
    let columns = ["name", "count", "missing", "list", "is_good"]
    #expect(
      try ReportColumns.cells(of: Probe(), columns) == ["a,b", "3", "", #"["x","y"]"#, "true"])
  }
}

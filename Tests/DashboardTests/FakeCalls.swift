// What a run that calls models tells beside its items: gates, money, a sink, a doctor.

import BatchModel
import Dashboard
import Resilience

enum FakeCalls {
  static let now = FakeRun.now

  private static func dollars(_ cents: Int64) -> Money {
    Money(picodollars: cents * 10_000_000_000)
  }

  static let gates = [
    GateGauge(
      provider: "anthropic", breaker: "closed", inFlight: 14, concurrencyLimit: 16, waiting: 229,
      waitReason: .rateLimit, until: now.advanced(by: .seconds(18)), calls: 41_288,
      inputTokens: 90_000_000, outputTokens: 12_000_000, errorRate: 0, trips: 0,
      limits: [
        LimitGauge(dimension: "requests", used: 0.91, limitPerMinute: 500),
        LimitGauge(
          dimension: "input tokens", used: 1, limitPerMinute: 400_000,
          until: now.advanced(by: .seconds(18)), waiting: 229),
      ]),
    GateGauge(
      provider: "openai", breaker: "open", inFlight: 0, concurrencyLimit: 8, waiting: 612,
      waitReason: .breaker, until: now.advanced(by: .seconds(41)), calls: 9_120,
      inputTokens: 1, outputTokens: 1, errorRate: 0.62, trips: 3,
      probeAt: now.advanced(by: .seconds(41)),
      limits: [LimitGauge(dimension: "concurrent", used: 0)]),
  ]

  static let budget = BudgetFigures(
    spent: dollars(21_400), reserved: dollars(600), cap: dollars(50_000), isLatched: false)

  static let outbox: OutboxFigures = {
    var cursor = OutboxCursor(sink: "http://localhost:8053/events", identity: "s", position: 40_000)
    cursor.delivered = 41_200
    cursor.failed = 2
    return OutboxFigures(
      cursor: cursor, pending: 12, sizeBytes: 1_200_000, sizeBytesMax: 50_000_000,
      oldest: now.advanced(by: .seconds(-3)), nextTry: now.advanced(by: .seconds(9)), health: .well,
      at: now)
  }()

  static let spending = SpendingFigures(
    models: [row("claude-sonnet-4-5", 38_000, 19_800), row("claude-haiku-4-5", 12_408, 1_600)],
    steps: [row("write", 41_000, 17_100), row("review", 9_408, 4_300)])

  private static func row(_ name: String, _ calls: Int64, _ cents: Int64) -> SpendingRow {
    SpendingRow(
      name: name, billing: .metered, calls: calls, inputTokens: calls * 2_000,
      outputTokens: calls * 300, cost: dollars(cents))
  }

  static let findings = [
    Finding(
      .diskLow, .warning, "/srv", "1.2 GB are left on the disk", .byHand,
      "free some space; footplate gc would free 3.4 GB"),
    Finding(
      .orphanedStaging, .notice, ".footplate/runs", "31 folders of attempts that ended are left",
      .safe, "removes them", preview: ["staging/1.2", "staging/1.3"]),
  ]

  static func news(at now: Instant = FakeCalls.now) -> [Message] {
    [
      .spending(spending),
      .examined(
        ExaminationReport(at: now, findings: findings, undo: nil, isThorough: false)),
    ]
  }
}

// `status --prometheus`: a run's figures in the text format that Prometheus reads.

package import BatchModel
import Resilience

/// A run's figures as metrics.
///
/// Source: Prometheus, "Text-based format", version 0.0.4.
package struct PrometheusText {
  private var families: [Family] = []
  private let labels: [(String, String)]

  /// One metric and its samples.
  private struct Family {
    var name: String
    var help: String
    var type: String
    var samples: [(labels: [(String, String)], value: Double)]
  }

  package init(_ snapshot: RunSnapshot) {
    let summary = snapshot.summary
    labels = [("batch", summary.batch), ("run", summary.run.text)]
    add(
      "run_state", "Whether the run is in this state.",
      RunState.allCases.map { ([("state", $0.rawValue)], $0 == summary.state ? 1 : 0) })
    add("run_start_time_seconds", "When the run began.", Self.seconds(summary.startedAt))
    add(
      "items", "Items by state.",
      ItemState.allCases.map { ([("state", $0.rawValue)], Double(summary.counts[$0])) })
    add("failure_groups", "Groups of equal failures.", Double(snapshot.groups.count))
    add(
      "unknown_attempts", "Attempts whose outcome nobody knows.", Double(summary.unknownAttempts))
    addEngine(snapshot.engine)
    if let budget = snapshot.budget { addBudget(budget) }
    if let outbox = snapshot.outbox { addOutbox(outbox) }
  }

  private mutating func addEngine(_ engine: EngineLiveness) {
    guard case .live(let gauges) = engine else { return add("up", "Whether an engine works.", 0) }
    add("up", "Whether an engine works.", 1)
    guard let gauges else { return }
    add("items_per_second", "Items ended a second, over ten seconds.", gauges.itemsPerSecond)
    add("slots", "Attempts that may run at once.", Double(gauges.slots))
    add("slots_used", "Attempts that run.", Double(gauges.slotsUsed))
    add("writes_total", "Durable writes.", Double(gauges.writes.written), type: "counter")
    add("write_errors_total", "Writes that failed.", Double(gauges.writes.errors), type: "counter")
    add("write_queue_depth", "Writes that wait.", Double(gauges.writes.depth))
    guard !gauges.gates.isEmpty else { return }
    addGates(gauges.gates)
  }

  private mutating func addGates(_ gates: [GateGauge]) {
    func samples(_ value: (GateGauge) -> Double) -> [([(String, String)], Double)] {
      gates.map { ([("provider", $0.provider)], value($0)) }
    }
    add("provider_in_flight", "Calls in flight.", samples { Double($0.inFlight) })
    add("provider_waiting", "Items that wait for a permit.", samples { Double($0.waiting) })
    add("provider_calls_total", "Calls ended.", samples { Double($0.calls) }, type: "counter")
    add(
      "provider_input_tokens_total", "Tokens sent.", samples { Double($0.inputTokens) },
      type: "counter")
    add(
      "provider_output_tokens_total", "Tokens received.", samples { Double($0.outputTokens) },
      type: "counter")
    add(
      "provider_breaker_closed", "Whether the circuit breaker lets calls through.",
      samples { ["closed", "disabled", "shadow"].contains($0.breaker) ? 1 : 0 })
  }

  private mutating func addBudget(_ budget: BudgetFigures) {
    add("spent_usd", "What the run has cost.", budget.spent.inDollars)
    add("reserved_usd", "What the calls in flight may cost at most.", budget.reserved.inDollars)
    if let cap = budget.cap { add("cap_usd", "The run's cap.", cap.inDollars) }
    add(
      "budget_latched", "Whether a bill exceeded its bound and nothing starts.",
      budget.isLatched ? 1 : 0)
  }

  private mutating func addOutbox(_ outbox: OutboxFigures) {
    add("outbox_pending", "Events that wait for the sink.", Double(outbox.pending))
    add("outbox_bytes", "Their size in the ledger.", Double(outbox.sizeBytes))
    add(
      "outbox_lag_seconds", "How long the oldest has waited.",
      Double(outbox.lagMilliseconds) / 1000)
    add("outbox_delivered_total", "Events.", Double(outbox.delivered), type: "counter")
    add("outbox_refused_total", "Events.", Double(outbox.failed), type: "counter")
    add("outbox_lost_total", "Events.", Double(outbox.lost), type: "counter")
  }

  private mutating func add(
    _ name: String, _ help: String, _ value: Double, type: String = "gauge"
  ) {
    add(name, help, [([], value)], type: type)
  }

  private mutating func add(
    _ name: String, _ help: String, _ samples: [([(String, String)], Double)],
    type: String = "gauge"
  ) {
    families.append(
      Family(name: "footplate_\(name)", help: help, type: type, samples: samples.map { ($0, $1) }))
  }

  /// The whole answer; each line ends with a line feed.
  package var text: String {
    families.map { family in
      let head = "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.type)\n"
      return head
        + family.samples.map { sample in
          let all = (labels + sample.labels).map { "\($0.0)=\"\(Self.escaped($0.1))\"" }
          return "\(family.name){\(all.joined(separator: ","))} \(Self.number(sample.value))\n"
        }.joined()
    }.joined()
  }

  /// Backslash, quote and line feed are escaped; the name of a batch may have them.
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }

  private static func seconds(_ instant: Instant) -> Double {
    Double(instant.nanoseconds / 1_000_000) / 1000
  }
}

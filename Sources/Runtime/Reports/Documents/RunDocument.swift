// `footplate report`: a run from its beginning to its end, on a page.

package import BatchModel
package import BatchStore
import Resilience

extension ReportDocument {
  private static let groupsMax = 50

  /// What a run did, cost and failed at, when, and what took longest.
  ///
  /// - Throws: `StoreError`.
  package init(of summary: RunSummary, _ store: any StoreReading) throws(StoreError) {
    let history = try RunHistory(of: summary, store)
    let models = try store.spending(of: summary.run, by: .model, limit: 100)
    let steps = try store.spending(of: summary.run, by: .step, limit: 100)
    var blocks = try Self.totals(of: summary, store)
    blocks += Self.spending("Cost by model", models) + Self.spending("Cost by step", steps)
    blocks += Self.failures(try store.failureGroups(of: summary.run), history)
    blocks += Self.timeline(of: summary, history)
    blocks += try Self.slowest(history, summary, store)
    self.init(title: "\(summary.batch): \(summary.run)", blocks: blocks)
  }

  private static func totals(
    of summary: RunSummary, _ store: any StoreReading
  ) throws(StoreError) -> [Block] {
    let spent = try store.spent(of: summary.run, at: summary.updatedAt).run
    let took = summary.startedAt.duration(to: summary.updatedAt)
    let counts = summary.counts
    var rows = [
      ["state", summary.state.rawValue + (summary.why.isEmpty ? "" : ": \(summary.why)")],
      ["began", summary.startedAt.rfc3339], ["last event", summary.updatedAt.rfc3339],
      ["between them", took.inWords], ["items", "\(counts.total)"],
    ]
    rows += ItemState.allCases.filter { counts[$0] > 0 }.map { [$0.rawValue, "\(counts[$0])"] }
    if summary.unknownAttempts > 0 {
      rows.append(["attempts of unknown outcome", "\(summary.unknownAttempts)"])
    }
    if spent > .zero { rows.append(["spent", spent.dollars]) }
    return [.heading("Totals"), .table(Table(["", "run"], rows))]
  }

  private static func spending(_ title: String, _ rows: [SpendingRow]) -> [Block] {
    guard !rows.isEmpty else { return [] }
    let cells = rows.map { row in
      [
        row.title, "\(row.calls)",
        "\(row.inputTokens + row.cacheWriteTokens)", "\(row.cacheReadTokens)",
        "\(row.outputTokens)", row.amount,
      ]
    }
    return [
      .heading(title),
      .table(Table(["", "calls", "tokens in", "cached", "tokens out", "cost"], cells)),
    ]
  }

  private static func failures(_ groups: [FailureGroup], _ history: RunHistory) -> [Block] {
    guard !groups.isEmpty else { return [.heading("Failures"), .sentence("Nothing failed.")] }
    let rows = groups.prefix(groupsMax).map { group in
      [
        "\(group.name)  \(group.signature.text)", "\(group.count)", group.sampleKey,
        (history.wasted[group.signature] ?? .zero).dollars, group.firstAt.rfc3339,
        group.lastAt.rfc3339,
      ]
    }
    var blocks: [Block] = [
      .heading("Failures"),
      .table(Table(["group", "items", "one of them", "attempts cost", "first", "last"], rows)),
    ]
    if groups.count > groupsMax {
      blocks.append(.sentence("\(groups.count - groupsMax) more groups: footplate failures"))
    }
    return blocks
  }

  private static func timeline(of summary: RunSummary, _ history: RunHistory) -> [Block] {
    let spent = history.timeline.reduce(Money.zero) { $0 + $1.spent }
    var series = [
      Chart.Series(
        name: "done", values: history.timeline.map { Double($0.done) },
        sum: "\(history.timeline.reduce(0) { $0 + $1.done })")
    ]
    let failed = history.timeline.reduce(0) { $0 + $1.failed }
    if failed > 0 {
      series.append(
        Chart.Series(
          name: "failed", values: history.timeline.map { Double($0.failed) }, sum: "\(failed)"))
    }
    if spent > .zero {
      series.append(
        Chart.Series(
          name: "spent", values: history.timeline.map(\.spent.inDollars), sum: spent.dollars))
    }
    var blocks: [Block] = [
      .heading("Timeline"),
      .chart(
        Chart(
          from: summary.startedAt.rfc3339, to: summary.updatedAt.rfc3339, series: series)),
    ]
    if !history.landmarks.isEmpty {
      let rows = history.landmarks.map { [$0.text, $0.at.rfc3339] }
      blocks.append(.table(Table(["what happened", "when"], rows)))
    }
    if history.landmarksLeftOut > 0 {
      blocks.append(.sentence("\(history.landmarksLeftOut) more: footplate ledger"))
    }
    return blocks
  }

  private static func slowest(
    _ history: RunHistory, _ summary: RunSummary, _ store: any StoreReading
  ) throws(StoreError) -> [Block] {
    guard !history.slowest.isEmpty else { return [] }
    var rows: [[String]] = []
    for slow in history.slowest {
      let key = try store.detail(of: slow.item)?.row.key ?? "item \(slow.item)"
      let step = slow.step.map { summary.steps.indices.contains($0) ? summary.steps[$0] : "" }
      rows.append([key, step ?? "failed", "\(slow.attempt)", slow.elapsed.inWords])
    }
    return [
      .heading("Slowest attempts"), .table(Table(["item", "step", "attempt", "took"], rows)),
    ]
  }
}

extension Duration {
  /// `35 ms`, `4.1 s`, `3 m 12 s`, `7 h 52 m`.
  fileprivate var inWords: String {
    let milliseconds = nanosecondsClamped / 1_000_000
    let seconds = milliseconds / 1000
    switch seconds {
    case ..<1: return "\(milliseconds) ms"
    case ..<60: return "\(Double(milliseconds / 100) / 10) s"
    case ..<3600: return "\(seconds / 60) m \(seconds % 60) s"
    default: return "\(seconds / 3600) h \(seconds / 60 % 60) m"
    }
  }
}

// What happened to a run while nobody looked, put together from the ledger, the store and its samples.

package import BatchModel
import BatchStore
package import Resilience

extension RunClient {
  /// What happened since a moment.
  ///
  /// *Cost*: looks at every item and attempt of the store, and at the ledger's landmarks alone.
  ///
  /// - Throws: `ClientError.noRun`, `StoreError`.
  package func away(of run: RunID, since moment: Instant, at now: Instant) throws -> AwayReport {
    guard let summary = try store.summary(of: run) else {
      throw ClientError.noRun(name: run.text)
    }
    let from = max(moment, summary.startedAt)
    var report = AwayReport(run: run, from: moment, to: now, state: summary.state)
    let progress = try store.progress(of: run, since: from)
    report.done = progress.counts.done
    report.failed = progress.counts.failed
    report.skipped = progress.counts.skipped
    report.cancelled = progress.counts.cancelled
    report.spent = progress.spent
    let groups = try store.failureGroups(of: run, at: now, withResolved: true)
    report.newGroups = groups.filter { $0.firstAt > from }.map(\.name)
    try tell(&report, groups, since: from)
    try foresee(&report, summary, since: from)
    return report
  }

  /// What the landmarks say.
  private func tell(
    _ report: inout AwayReport, _ groups: [FailureGroup], since from: Instant
  ) throws {
    let run = report.run
    var sequence = try store.lastSequence(of: run, at: from)
    let limits = try store.batch(of: run)?.budget
    var story = AwayStory(from: report.from, cap: limits?.cap, groups: groups)
    for entry in try store.landmarks(of: run, before: sequence + 1, limit: AwayStory.prologue) {
      story.prepare(entry)
    }
    while true {
      let entries = try store.landmarks(of: run, after: sequence, limit: 1000)
      guard let last = entries.last else { break }
      for entry in entries { story.add(entry) }
      sequence = last.sequence
    }
    story.finish(&report)
  }

  /// How the end moved, and when the cap has no more room.
  private func foresee(
    _ report: inout AwayReport, _ summary: RunSummary, since from: Instant
  ) throws {
    let (run, now) = (report.run, report.to)
    let then = Forecast(
      try store.samples(
        of: run, from: from.advanced(by: .zero - Forecast.window), to: from, limit: 400))
    let recent = try store.samples(
      of: run, from: now.advanced(by: .zero - Forecast.window), to: now, limit: 400)
    let today = Forecast(recent)
    let end = summary.state == .finished ? summary.updatedAt : today?.end
    if let then, let end { report.slip = then.end.duration(to: end) }
    guard let cap = report.cap, summary.state == .running || summary.state == .paused else {
      return
    }
    let spent = try store.spent(of: run, at: now).run
    guard let first = recent.first, let last = recent.last, last.spent > first.spent else {
      return
    }
    let seconds = first.at.duration(to: last.at).inSeconds
    let rate = Double(last.spent.picodollars - first.spent.picodollars) / max(1, seconds)
    let left = Double(max(0, cap.picodollars - spent.picodollars)) / rate
    let reached = now.advanced(by: .seconds(min(left, 1e9)))
    if let end, end < reached { return }
    report.capReachedAt = reached
  }
}

/// When a run ends, if it goes on as it did over the last samples.
struct Forecast {
  /// Of what is looked at to find the rate.
  static let window = Duration.seconds(3600)
  let end: Instant

  /// - Parameter samples: oldest first. `nil` when they are too few, or nothing ended among them.
  init?(_ samples: [RunSample]) {
    guard let first = samples.first, let last = samples.last else { return nil }
    let ended = last.counts.ended - first.counts.ended
    let seconds = first.at.duration(to: last.at).inSeconds
    guard ended > 0, seconds >= 1 else { return nil }
    let open = last.counts.total - last.counts.ended
    end = last.at.advanced(by: .seconds(min(Double(open) * seconds / Double(ended), 1e9)))
  }
}

// `footplate status`, `runs`, `wait`: where things stand.

import BatchStore
import ArgumentParser
import BatchModel
import Dashboard
import Foundation
import Resilience
import Runtime

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Where a run stands: counts, what runs, what failed, what comes next.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Flag(help: "Write metrics that Prometheus reads.") var prometheus = false
  @Flag(help: "Show it again whenever it changes, until the run ends.") var watch = false
  @Option(help: "What happened since 18:22, for 2h, or since 2026-02-14T18:22:00Z.")
  var since: SinceTime?
  @Option(
    help: ArgumentHelp(
      "As it was then, replayed from the ledger: 02:14, 2026-11-22T02:14:07Z, -10m.",
      valueName: "time"))
  var at: String?
  @Argument(help: ArgumentHelp("The run; without it the newest.", valueName: "run"))
  var runName: String?

  func validate() throws {
    if prometheus, talk.json || watch {
      throw ValidationError("--prometheus is one answer, without --json and --watch")
    }
    if since != nil, prometheus || watch {
      throw ValidationError("--since is one answer, without --prometheus and --watch")
    }
    if at != nil, prometheus || watch {
      throw ValidationError("--at is about the past: without --watch and --prometheus")
    }
  }

  func run() async throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(runName)
    if let since {
      let now = Instant.wallClock
      let report = try client.away(of: summary.run, since: since.moment(before: now), at: now)
      if talk.json { return try Console.document(AwayRecord(report)) }
      return AwayText.lines(report).forEach { Console.line($0) }
    }
    if let at { return try showPast(summary.run, at: at, client) }
    if prometheus {
      return Console.raw(PrometheusText(try client.snapshot(of: summary.run)).text)
    }
    var lastShown: RunSnapshot?
    repeat {
      var snapshot = try client.snapshot(of: summary.run)
      let moment = snapshot.at
      snapshot.at = lastShown?.at ?? moment
      if snapshot != lastShown {
        lastShown = snapshot
        snapshot.at = moment
        try show(snapshot, client)
      }
      guard watch, snapshot.summary.state == .running, snapshot.engine != .absent else { return }
      try await Task.sleep(for: .milliseconds(500))
    } while true
  }

  private func show(_ snapshot: RunSnapshot, _ client: RunClient) throws {
    let running = try client.store.page(
      ItemQuery(filter: ItemFilter(states: [.running]), order: .source), of: snapshot.summary.run)
    let report = StatusReport(snapshot, current: running.rows.map(\.key))
    if talk.json {
      return watch ? try Console.record(report) : try Console.document(report)
    }
    let hasReviews = try client.hasReviews(in: snapshot.summary)
    StatusText.lines(snapshot, running: running.rows, hasReviews: hasReviews)
      .forEach { Console.line($0) }
  }
}

extension Status {
  private func showPast(_ run: RunID, at text: String, _ client: RunClient) throws {
    let now = Instant.wallClock
    let time: Instant
    do {
      time = try PastTime.parse(text, now: now, present: now, zone: .local)
    } catch {
      throw ValidationError("\(error)")
    }
    let past = try PastRun(client, run: run) { change, keys, steps in
      EventText.sentence(change, keys: keys, steps: steps)
    }
    guard let moment = try past.move(to: .time(time)) else { return }
    var snapshot = try past.snapshot()
    let running = try past.store.page(
      ItemQuery(filter: ItemFilter(states: [.running]), order: .source), of: run)
    if talk.json {
      return try Console.document(StatusReport(snapshot, current: running.rows.map(\.key)))
    }
    Console.line(
      "at \(moment.at.rfc3339), event \(moment.event.sequence): \(moment.sentence)")
    // What ran then was not interrupted, although nothing works on the past.
    snapshot.engine = .live(nil)
    StatusText.figures(snapshot, running: running.rows).forEach { Console.line($0) }
  }
}

struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "The runs of this batch, newest first.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions

  func run() throws {
    let client = try RunClient(workspace.layout)
    for summary in try client.store.runs(limit: 1000) {
      if talk.json {
        try Console.record(
          StatusReport(try client.snapshot(of: summary.run), current: []))
      } else {
        Console.line(
          "\(summary.run)  \(summary.state.rawValue)  \(StatusText.counts(summary.counts))  "
            + summary.startedAt.rfc3339)
      }
    }
  }
}

struct Wait: AsyncParsableCommand {
  /// A guardian starts a dead engine again within this time, also on a loaded machine.
  private static let patience = Duration.seconds(10)

  static let configuration = CommandConfiguration(
    abstract: "Waits until the run has ended or stopped, and ends with its exit code.")

  @OptionGroup var workspace: WorkspaceOptions
  @Argument(help: ArgumentHelp("The run; without it the newest.", valueName: "run"))
  var runName: String?

  func run() async throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(runName)
    var absentSince: Instant?
    while true {
      let snapshot = try client.snapshot(of: summary.run)
      absentSince = snapshot.engine == .absent ? absentSince ?? snapshot.at : nil
      if let absentSince, Self.hasEnded(snapshot, absentSince) {
        let hasReviews = try client.hasReviews(in: snapshot.summary)
        StatusText.lines(snapshot, running: [], hasReviews: hasReviews)
          .forEach { Console.line($0) }
        throw StatusText.status(of: snapshot.summary).code
      }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// A run that an engine would still work on has ended only when none came back to it.
  private static func hasEnded(_ snapshot: RunSnapshot, _ absentSince: Instant) -> Bool {
    switch snapshot.summary.state {
    case .finished, .stopped, .superseded: true
    case .running, .paused: absentSince.duration(to: snapshot.at) >= patience
    }
  }
}

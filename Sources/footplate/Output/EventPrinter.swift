// The engine's events as lines or NDJSON, and a progress line on a terminal.

import BatchModel
import BatchStore
import Foundation
import Resilience
import Runtime
import Synchronization

/// Prints what a session tells.
///
/// *Concurrency*: called from the write queue's thread and from tasks; the lock keeps lines whole.
final class EventPrinter: Sendable {
  enum Form: Hashable, Sendable {
    case lines(Detail)
    case json
  }

  /// How much is told in lines.
  enum Detail: Hashable, Sendable {
    /// Nothing: whoever started it reads its log.
    case nothing
    /// Nothing but warnings.
    case little
    /// What a person wants to read.
    case usual
    /// Every event.
    case everything
  }

  private struct State {
    var keys: [ItemID: String] = [:]
    /// Lines of starts whose processes do not run yet.
    var starts: [AttemptID: String] = [:]
    var run: RunID?
    var startedAt = Instant.wallClock
    var endedAtStart = 0
    var progressShownAt = Instant(nanoseconds: 0)
    var isProgressShown = false
  }

  private let form: Form
  private let steps: [String]
  private let counts: (@Sendable (RunID) -> ItemCounts?)?
  private let state = Mutex(State())

  init(form: Form, steps: [String], counts: (@Sendable (RunID) -> ItemCounts?)?) {
    self.form = form
    self.steps = steps
    self.counts = counts
  }

  func take(_ news: SessionNews) {
    state.withLock { state in
      switch news {
      case .began(let summary, let resumed, let recovered):
        state.run = summary.run
        state.endedAtStart = summary.counts.ended
        let word = resumed ? "goes on" : "begins"
        show("\(summary.run) \(word)", &state)
        if recovered > 0 {
          show("\(recovered) attempts of a dead engine are looked after", &state)
        }
      case .compared(let report, let rechecked):
        if let text = Self.sentence(report, rechecked, kept: state.endedAtStart) {
          show(text, &state)
        }
      case .sourceProblems(let problems):
        for problem in problems { complain(problem, &state) }
      case .claimed(let items):
        guard !isTerse else { return }
        for item in items { state.keys[item.id] = item.key }
      case .committed(let at, let changes):
        for change in changes { show(change, at, &state) }
        showProgress(at, &state)
      case .warning(let text): complain(text, &state)
      }
    }
  }

  /// What the comparison with the source found, where there was something to compare.
  private static func sentence(
    _ report: SourceReport, _ rechecked: Int, kept: Int
  ) -> String? {
    guard kept > 0 || report.changed > 0 || report.vanished > 0 else { return nil }
    let changed = report.changed + rechecked
    return "\(max(0, kept - changed)) items ended earlier and are unchanged: skipped; "
      + "\(changed) changed, \(report.added) new, \(report.vanished) gone"
  }

  /// Clears the progress line.
  func finish() { state.withLock { clearProgress(&$0) } }

  private func show(_ change: Change, _ at: Instant, _ state: inout State) {
    switch form {
    case .lines(.little), .lines(.nothing): return
    case .json:
      // A value that cannot be encoded cannot exist here: every change was just written as JSON.
      try? Console.record(EventRecord(at: at, item: change.item.flatMap { state.keys[$0] }, change))
    case .lines:
      if let line = line(for: change, &state) {
        clearProgress(&state)
        Console.line("\(at.localTime) \(line)")
      }
    }
    if change.endsItem, let item = change.item { state.keys[item] = nil }
  }

  /// The line for a change.
  ///
  /// A start is told when its process runs: starts are committed ahead of the slots, and some are
  /// taken back.
  private func line(for change: Change, _ state: inout State) -> String? {
    let line = EventText.line(change, keys: state.keys, steps: steps)
    if form == .lines(.everything) {
      let key = change.item.flatMap { state.keys[$0] }.map { " \($0)" } ?? ""
      return line ?? change.kind.rawValue + key
    }
    switch change {
    case .attemptStarted(let start):
      state.starts[start.attempt] = line
      return nil
    case .attemptLaunched(let launched): return state.starts.removeValue(forKey: launched.attempt)
    case .attemptEnded(let ended):
      state.starts[ended.attempt] = nil
      return line
    default: return line
    }
  }

  private func show(_ text: String, _ state: inout State) {
    guard case .lines = form, !isTerse else { return }
    clearProgress(&state)
    Console.line("\(Instant.wallClock.localTime) \(text)")
  }

  /// Whether no event is told.
  private var isTerse: Bool { form == .lines(.little) || form == .lines(.nothing) }

  private func complain(_ text: String, _ state: inout State) {
    guard form != .lines(.nothing) else { return }
    clearProgress(&state)
    Console.complain(text)
  }

  private func showProgress(_ now: Instant, _ state: inout State) {
    guard let counts, let run = state.run,
      state.progressShownAt.duration(to: now) > .milliseconds(500), let found = counts(run)
    else { return }
    state.progressShownAt = now
    clearProgress(&state)
    let elapsed = max(state.startedAt.duration(to: now).inSeconds, 0.001)
    let rate = Double(found.ended - state.endedAtStart) / elapsed
    var text = "\(found.ended) of \(found.total), \(found.failed) failed"
    if rate > 0 {
      let left = Double(found.total - found.ended) / rate
      text += ", \(Int(rate.rounded()))/s, ends in \(Duration.seconds(Int64(left)).brief)"
    }
    Console.raw("\r\(text)")
    state.isProgressShown = true
  }

  private func clearProgress(_ state: inout State) {
    guard state.isProgressShown else { return }
    Console.raw("\r\u{1B}[K")
    state.isProgressShown = false
  }
}

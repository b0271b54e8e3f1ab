// A run without a dashboard: the engine in front, its events as lines, the exit code at the end.

import BatchDefinition
import BatchModel
import Engine
import Foundation
import Resilience
import Runtime

struct HeadlessRun {
  let layout: WorkspaceLayout
  let definition: LoadedDefinition
  let options: RunOptions
  let asJSON: Bool
  let detail: EventPrinter.Detail

  /// Runs the engine in this process.
  ///
  /// - Throws: the exit code when it is not 0.
  func run() async throws {
    let signals = SignalInbox()
    let printer = EventPrinter(
      form: asJSON ? .json : .lines(detail),
      steps: definition.batch.steps.map(\.id), counts: progressCounts())
    let log = try EngineLog(
      layout, level: options.logLevel, steps: definition.batch.steps.map(\.id))
    let session = EngineSession(
      layout: layout, definition: definition, options: options,
      news: {
        log.take($0)
        printer.take($0)
      })
    let end = try await log.ends { try await session.run(signals: signals) }
    printer.finish()
    let status = Self.status(of: end)
    if !asJSON, detail != .nothing {
      Console.line(Self.lastLine(of: end, hasReviews: hasReviews(end.summary)))
    }
    if status != .done { throw status.code }
  }

  private func hasReviews(_ summary: RunSummary) -> Bool {
    // A word to the wise; when the store cannot be read it is left out.
    (try? RunClient(layout).hasReviews(in: summary)) ?? false
  }

  /// The counts for the progress line, read beside the engine; only for a terminal.
  private func progressCounts() -> (@Sendable (RunID) -> ItemCounts?)? {
    guard Console.isTerminal, !asJSON else { return nil }
    let layout = layout
    return { run in
      // The progress line is news; when the store cannot be read it is left out.
      try? RunClient(layout).resolve(run.text).counts
    }
  }

  static func status(of end: SessionEnd) -> ExitStatus {
    switch end.end {
    case .left(.finished), .left(.focusDone): end.summary.counts.failed > 0 ? .someFailed : .done
    case .left(.stopped), .left(.longWait), .left(.capReached): .resumable
    case .left(.interrupted): .interrupted
    case .storeFailed: .resumable
    case .broken: .refused
    }
  }

  static func lastLine(of end: SessionEnd, hasReviews: Bool = false) -> String {
    let counts =
      StatusText.counts(end.summary.counts) + (hasReviews ? "\n\(StatusText.review)" : "")
    switch end.end {
    case .left(.finished), .left(.focusDone), .left(.stopped), .left(.longWait),
      .left(.capReached):
      return "\(counts)\n" + StatusText.next(end.summary, engine: .absent)
    case .left(.interrupted): return "\(counts)\ninterrupted: footplate run goes on"
    case .storeFailed(let error):
      return
        "\(counts)\nthe store failed (\(error)); nothing finished is lost: footplate run goes on"
    case .broken(let reason): return "\(counts)\nstopped: \(reason)"
    }
  }
}

// What an engine did, as a log for whoever runs it: times, levels, one line each.

import BatchDefinition
import BatchModel
import BatchStore
import Canvas
import DurableFiles
import Foundation
import Logging
import Resilience
import Runtime
import Synchronization

/// How much goes into a log.
enum LogLevel: String, CaseIterable {
  case debug, info, notice, warning, error

  var threshold: Logger.Level {
    switch self {
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    }
  }
}

/// Writes a session's news into its log.
///
/// *info*: what concerns the run; *warning*: what went wrong, failed items among it; *debug*: every
/// attempt. The ledger has it all; a log is for reading beside other logs.
final class EngineLog: Sendable {
  private let logger: Logger
  private let steps: [String]
  /// Of the items that are being worked on.
  private let keys = Mutex<[ItemID: String]>([:])

  /// - Parameter level: over the environment's.
  /// - Throws: `CommandError`, status 2, for an unknown level or a file that cannot be written.
  init(_ layout: WorkspaceLayout, level: String?, steps: [String]) throws {
    let environment = ProcessInfo.processInfo.environment
    let word = level ?? environment[EnvironmentSwitch.logLevel.name] ?? ""
    guard let level = word.isEmpty ? .info : LogLevel(rawValue: word.lowercased()) else {
      throw CommandError(
        "\(EnvironmentSwitch.logLevel.name): unknown level \"\(word)\"; expected one of: "
          + LogLevel.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let named = environment[EnvironmentSwitch.logFile.name].flatMap { $0.isEmpty ? nil : $0 }
    if named == nil { try PrivateFolder.create(layout.state) }
    let file = try LogFile(named.map(WorkspaceOptions.absolute) ?? layout.engineLog)
    let mask = SecretMask(of: environment)
    logger = Logger(label: "engine") { _ in
      LogFileHandler(file: file, mask: mask, logLevel: level.threshold)
    }
    self.steps = steps
  }

  func take(_ news: SessionNews) {
    switch news {
    case .began(let summary, let resumed, let recovered):
      logger.info(
        "\(summary.run) \(resumed ? "goes on" : "begins")",
        metadata: ["pid": "\(getpid())", "recovered": "\(recovered)"])
    case .compared(let report, let rechecked):
      logger.info(
        "the source is compared",
        metadata: [
          "added": "\(report.added)", "changed": "\(report.changed + rechecked)",
          "gone": "\(report.vanished)",
        ])
    case .sourceProblems(let problems):
      for problem in problems { logger.warning("\(problem)") }
    case .committed(_, let changes): for change in changes { take(change) }
    case .claimed(let items):
      keys.withLock { keys in
        for item in items { keys[item.id] = item.key }
      }
    case .warning(let text): logger.warning("\(text)")
    }
  }

  private func take(_ change: Change) {
    let key = change.item.flatMap { item in
      keys.withLock { change.endsItem ? $0.removeValue(forKey: item) : $0[item] }
    }
    let level = level(of: change)
    guard level >= logger.logLevel else { return }
    let named = change.item.flatMap { item in key.map { [item: $0] } } ?? [:]
    if let line = EventText.line(change, keys: named, steps: steps) {
      logger.log(level: level, "\(line)")
    }
  }

  private func level(of change: Change) -> Logger.Level {
    switch change {
    case .runStarted, .runMoved, .providerMoved, .budgetMoved, .noted, .itemsMoved, .itemsEnqueued,
      .holdMoved, .parallelMoved, .canaryMoved, .remarked:
      .info
    case .itemMoved(let move): move.to == .failed ? .warning : .debug
    case .attemptStarted, .attemptLaunched, .attemptEnded, .resultRecorded, .resultRejected,
      .resultHeld, .sentBack, .publishing, .stepDone, .artifactTracked:
      .debug
    }
  }

  /// Notes how a session ends.
  func ends(_ session: () async throws -> SessionEnd) async throws -> SessionEnd {
    do {
      let end = try await session()
      let text = HeadlessRun.lastLine(of: end).replacing("\n", with: "; ")
      switch end.end {
      case .left: logger.info("left: \(text)")
      case .storeFailed, .broken: logger.error("left: \(text)")
      }
      return end
    } catch {
      logger.error("did not begin: \(error)")
      throw error
    }
  }
}

extension Change {
  /// Whether nothing more happens to its item by itself.
  var endsItem: Bool {
    switch self {
    case .itemMoved(let move): move.to.isTerminal
    case .stepDone(let done): done.nextStep == nil
    default: false
    }
  }
}

/// Writes lines: time, level, label, message, metadata.
private struct LogFileHandler: LogHandler {
  private static let columnsMax = 4096
  let file: LogFile
  let mask: SecretMask
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    let notes = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    let text = mask.masked("\(event.level.rawValue) engine: \(event.message)\(notes)")
    file.append(
      "\(Instant.wallClock.rfc3339) " + SafeText(text, columnsMax: Self.columnsMax).string)
  }
}

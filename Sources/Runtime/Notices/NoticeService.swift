// The definition's `notify` commands: started beside the work, one after the other, and never in its
// way.

import BatchDefinition
import BatchModel
import BatchStore
import Executors
import Foundation
import Synchronization

/// Tells notices by the definition's commands.
///
/// What goes wrong is a warning; the work goes on.
final class NoticeService: Sendable {
  /// More at once are news that nobody would read one by one.
  private static let pendingMax = 100
  /// How long an engine that is done waits for the last ones.
  private static let farewellMax = Duration.seconds(10)

  private let finder = Mutex<(run: RunID, finder: NoticeFinder)?>(nil)
  private let pending: AsyncStream<(RunID, Notice)>.Continuation
  private let task: Task<Void, Never>
  private let layout: WorkspaceLayout
  private let warn: @Sendable (String) -> Void

  /// `nil` when the definition has nobody told.
  init?(_ batch: Batch, layout: WorkspaceLayout, warn: @escaping @Sendable (String) -> Void) {
    guard let rules = batch.notify, !rules.isEmpty else { return nil }
    self.layout = layout
    self.warn = warn
    let (notices, continuation) = AsyncStream.makeStream(
      of: (RunID, Notice).self, bufferingPolicy: .bufferingOldest(Self.pendingMax))
    pending = continuation
    let herald = Herald(rules: rules, batch: batch.name, layout: layout)
    // It ends with `end`, which awaits it.
    task = Task {
      for await (run, notice) in notices where !Task.isCancelled {
        for problem in await herald.tell(notice, of: run) { warn(problem) }
      }
    }
  }

  /// Looks at a session's news; it comes back at once.
  func hear(_ news: SessionNews) {
    switch news {
    case .began(let summary, _, _):
      // A store that cannot be read now tells of groups that are not new: better than of none.
      let known =
        (try? SQLiteReader(path: layout.database).failureGroups(of: summary.run)) ?? []
      finder.withLock { $0 = (summary.run, NoticeFinder(known: known)) }
    case .committed(_, let changes):
      let found = finder.withLock { state in
        (state?.run, state?.finder.notices(in: changes) ?? [])
      }
      guard let run = found.0 else { return }
      for notice in found.1 { tell(notice, of: run) }
    case .compared, .sourceProblems, .claimed, .warning: break
    }
  }

  private func tell(_ notice: Notice, of run: RunID) {
    if case .dropped = pending.yield((run, notice)) {
      warn("notify: too much happens at once: \(notice.event.rawValue) is not told")
    }
  }

  /// Waits a moment until everything is told.
  func end() async {
    pending.finish()
    let task = task
    let timer = Task {
      try? await Task.sleep(for: Self.farewellMax)  // woken early when everything is told
      task.cancel()
    }
    await task.value
    timer.cancel()
    await timer.value
  }
}

extension EngineSession {
  /// Does `body` while the definition's `notify` commands are told what happens.
  func telling<Value>(_ body: (EngineSession) async throws -> Value) async throws -> Value {
    let news = news
    let notices = NoticeService(definition.batch, layout: layout) { news(.warning($0)) }
    guard let notices else { return try await body(self) }
    let session = EngineSession(
      layout: layout, definition: definition, options: options, clock: clock
    ) {
      news($0)
      notices.hear($0)
    }
    let result: Result<Value, any Error>
    do {
      result = .success(try await body(session))
    } catch {
      result = .failure(error)
    }
    await notices.end()
    return try result.get()
  }
}

/// Starts the commands of one notice.
private struct Herald: Sendable {
  let rules: [NotifyRule]
  let batch: String
  let layout: WorkspaceLayout
  private let processes = ProcessExecutor(slots: 1)
  private let renderer = TemplateRenderer()
  private let environment = ProcessInfo.processInfo.environment

  init(rules: [NotifyRule], batch: String, layout: WorkspaceLayout) {
    self.rules = rules
    self.batch = batch
    self.layout = layout
  }

  /// - Returns: what went wrong, a sentence each.
  func tell(_ notice: Notice, of run: RunID) async -> [String] {
    var problems: [String] = []
    for (number, rule) in rules.enumerated() where rule.events.contains(notice.event) {
      do {
        let values = try values(of: notice, run)
        let order = try order(number, rule, values)
        let report = await processes.run(order)
        guard let failure = Failure(report, timeout: rule.timeout, stall: nil) else { continue }
        problems.append("notify of \(notice.event.rawValue): \(failure.message)")
      } catch {
        problems.append("notify of \(notice.event.rawValue): \(error)")
      }
    }
    return problems
  }

  private func order(
    _ number: Int, _ rule: NotifyRule, _ values: [String: String]
  ) throws -> ProcessOrder {
    let arguments = try renderer.arguments(
      of: rule.command,
      with: TemplateValues(payload: .object(values.mapValues(JSONValue.string))) { path in
        throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path])
      })
    // A tree of its own, by which its members are found when its time is over.
    let marker = ["FOOTPLATE_NOTICE=\(UUID().uuidString)"]
    let own = values.map { name, value in "FOOTPLATE_NOTICE_\(name.uppercased())=\(value)" }
    let inherited = environment.filter { !$0.key.hasPrefix("FOOTPLATE_") }
      .map { "\($0.key)=\($0.value)" }
    return ProcessOrder(
      id: AttemptID(Int64(number) + 1), invocation: .arguments(arguments),
      environment: marker + own.sorted() + inherited.sorted(), folder: layout.root,
      timeout: rule.timeout, marker: marker,
      mask: SecretMask(of: environment))
  }

  private func values(of notice: Notice, _ run: RunID) throws -> [String: String] {
    let store = try SQLiteReader(path: layout.database)
    let summary = try store.summary(of: run)
    let counts = summary?.counts ?? ItemCounts()
    let spent = try store.spent(of: run, at: .wallClock).run
    var words = ["\(counts.done + counts.skipped) of \(counts.total) done"]
    if counts.failed > 0 { words.append("\(counts.failed) failed") }
    if spent > .zero { words.append("spent \(spent.dollars)") }
    let why = notice.why.inOneLine
    let name = batch.inOneLine
    return [
      "summary": "\(name): \(notice.event.rawValue): \(why); \(words.joined(separator: ", "))",
      "event": notice.event.rawValue, "why": why, "batch": name, "run": run.text,
      "total": String(counts.total), "done": String(counts.done),
      "skipped": String(counts.skipped), "failed": String(counts.failed), "spent": spent.dollars,
    ]
  }
}

// The client of a run: snapshots out, requests in. Commands and the dashboard are built on it.

package import BatchModel
package import BatchStore
import DurableFiles
import Foundation
package import Resilience
import Synchronization

/// Reads a run and asks things of it, whether or not an engine works on it.
///
/// *Concurrency*: safe from any thread; each call blocks for a short read.
package final class RunClient: Sendable {
  package let layout: WorkspaceLayout
  package let store: any StoreReading
  private let spool: RequestSpool
  private let clock: @Sendable () -> Instant
  /// When each run was marked as seen last.
  let seenAt = Mutex<[RunID: Instant]>([:])
  private let caps = Mutex<[RunID: BudgetLimits]>([:])
  /// The outbox as it was at a state of the store: counting what waits is dear.
  private let outboxes = Mutex<(counter: Int64, figures: OutboxFigures?)?>(nil)
  /// The gauges that were read last, and what the file was then: each of its forms is a new file.
  private let gauges = Mutex<(stamp: FileStamp, gauges: Gauges?)?>(nil)

  /// - Throws: `ClientError.noStore`, `StoreError`.
  package init(
    _ layout: WorkspaceLayout, clock: @escaping @Sendable () -> Instant = { Instant.wallClock }
  ) throws {
    guard FileManager.default.fileExists(atPath: layout.database) else {
      throw ClientError.noStore(path: layout.root)
    }
    self.layout = layout
    store = try SQLiteReader(path: layout.database)
    spool = RequestSpool(layout)
    self.clock = clock
  }

  /// The run with that name, or the newest.
  package func resolve(_ name: String?) throws -> RunSummary {
    guard let name else {
      guard let newest = try store.runs(limit: 1).first else { throw ClientError.noRun(name: nil) }
      return newest
    }
    guard let summary = try store.summary(of: RunID(name)) else {
      throw ClientError.noRun(name: name)
    }
    return summary
  }

  package func snapshot(of run: RunID) throws -> RunSnapshot {
    try store.together { try snapshotNow(of: run) }
  }

  private func snapshotNow(of run: RunID) throws -> RunSnapshot {
    guard let summary = try store.summary(of: run) else {
      throw ClientError.noRun(name: run.text)
    }
    let engine = liveness()
    return RunSnapshot(
      at: clock(), summary: summary, engine: engine,
      groups: try store.failureGroups(of: run, at: clock(), withResolved: false),
      nextDue: try store.nextDue(of: run),
      pendingRequests: try spool.waiting().requests, budget: try budget(of: run),
      outbox: try outbox(engine), holds: try store.holds(of: run),
      canaries: try store.canaries(of: run))
  }

  /// The engine's own figures, or the store's, counted once a state.
  private func outbox(_ engine: EngineLiveness) throws -> OutboxFigures? {
    if case .live(let gauges?) = engine { return gauges.outbox }
    let counter = try store.changeCounter()
    return try outboxes.withLock { known in
      if let known, known.counter == counter { return known.figures }
      let figures = try store.outboxFigures(of: nil, at: clock())
      known = (counter, figures)
      return figures
    }
  }

  /// What the run has cost, and its cap; `nil` when there is neither.
  private func budget(of run: RunID) throws -> BudgetFigures? {
    let limits = try caps.withLock { caps in
      if let known = caps[run] { return known }
      // A run's definition never changes.
      let limits = try store.batch(of: run)?.budget ?? BudgetLimits()
      caps[run] = limits
      return limits
    }
    return try store.budget(of: run, under: limits, at: clock())
  }

  /// What the run has cost so far, the dearest first, days in their order.
  ///
  /// By item every attempt is looked at; the others are kept as sums.
  package func spending(
    of run: RunID, by axis: SpendingAxis, limit: Int = 100
  ) throws -> [SpendingRow] {
    try store.spending(of: run, by: axis, limit: limit)
  }

  /// The one item that a reference means.
  package func row(of reference: String, in run: RunID) throws -> ItemRow {
    let found = try store.find(reference, in: run, limit: 6)
    guard let first = found.first else { throw ClientError.noItem(reference: reference) }
    guard found.count == 1 else {
      let names = found.prefix(5).map { "\($0.key) (#\($0.ordinal))" }
      throw ClientError.ambiguous(reference: reference, candidates: names)
    }
    return first
  }

  package func detail(of reference: String, in run: RunID) throws -> ItemDetail {
    let row = try row(of: reference, in: run)
    guard let detail = try store.detail(of: row.id) else {
      throw ClientError.noItem(reference: reference)
    }
    return detail
  }

  /// The signature of a group by its name; resolved groups have names too.
  package func signature(named name: String, in run: RunID) throws -> Signature {
    let groups = try store.failureGroups(of: run, at: nil, withResolved: true)
    guard let group = groups.first(where: { $0.name == name }) else {
      throw ClientError.noGroup(name: name, known: groups.map(\.name))
    }
    return group.signature
  }

  /// Every row that a filter lets through, in source order, page by page.
  package func forEachRow(
    of run: RunID, filter: ItemFilter, _ body: (ItemRow) throws -> Void
  ) throws {
    try store.forEachRow(of: run, filter: filter, body)
  }

  /// Whether an engine works on the workspace, and what its gauges say.
  package func liveness() -> EngineLiveness {
    guard EngineLock.isHeld(at: layout.lock) else { return .absent }
    return .live(newestGauges())
  }

  private func newestGauges() -> Gauges? {
    var status = stat()
    guard stat(layout.gauges, &status) == 0 else { return nil }
    let stamp = FileStamp(status)
    return gauges.withLock { known in
      if let known, known.stamp == stamp { return known.gauges }
      guard let data = FileManager.default.contents(atPath: layout.gauges) else { return nil }
      // A gauges file of another version is no news; the next one replaces it.
      let gauges = try? JSONDecoder().decode(Gauges.self, from: data)
      known = (stamp, gauges)
      return gauges
    }
  }
}

extension StoreReading {
  /// What a run has cost, and its cap; `nil` when there is neither.
  func budget(
    of run: RunID, under limits: BudgetLimits, at now: Instant
  ) throws(StoreError) -> BudgetFigures? {
    let state = try budgetState(of: run)
    let figures = BudgetFigures(
      spent: try spent(of: run, at: now).run, reserved: try reserved(of: run),
      cap: state.cap ?? limits.cap, isLatched: state.isLatched)
    let isNothing = figures.cap == nil && figures.spent == .zero && figures.reserved == .zero
    return isNothing ? nil : figures
  }
}

extension Instant {
  /// The wall clock's time.
  package static var wallClock: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}

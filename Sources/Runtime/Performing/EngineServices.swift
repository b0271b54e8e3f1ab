// The hands of the machine: each action carried out with the store, the processes and the files.

import BatchDefinition
import BatchModel
import BatchStore
import Engine
import Executors
import Resilience

/// Performs actions of one engine.
///
/// *Concurrency*: every member is immutable and safe from any task; blocking work goes to the pool.
struct EngineServices: ActionPerformer {
  let run: RunID
  let queue: WriteQueue
  let pool: BlockingPool
  let preparation: PreparationService
  let attempts: AttemptService
  let publication: PublicationService
  let alarm: Alarm
  let clock: @Sendable () -> Instant
  let news: @Sendable (SessionNews) -> Void

  func perform(
    _ action: Action, report: @escaping @Sendable (Event) -> Void
  ) async throws(StoreError) -> Event? {
    switch action {
    case .claim(let limit, let scope, let blocked):
      return .claimed(try await claim(limit, scope, blocked: Set(blocked)))
    case .prepare(let item):
      return try await prepare([item]).first
    case .confirm(let started):
      return .admitted(started)
    case .launch(let order):
      launch([order], report: report)
      return nil
    case .kill(let attempt):
      kill(attempt)
      return nil
    case .recallWaiting:
      recallWaiting()
      return nil
    case .resize(let parallel):
      resize(parallel)
      return nil
    case .check(let order):
      return .checked(order.attempt, try await publication.check(order))
    case .publish(let attempt, _, let intents, let overwrite):
      return .published(attempt, await publication.publish(intents, overwrite: overwrite))
    case .release(let items):
      try await queue.perform { store in store.release(items) }
      return .released
    case .judgeCanary:
      return .canaryCounted(
        try await queue.perform { store throws(StoreError) in
          try store.counts(of: .canary, in: run)
        })
    case .endCanary:
      try await endCanary()
      return nil
    case .wake(let moment):
      alarm.set(moment)
      return nil
    case .leave:
      return nil  // the loop ends by itself
    }
  }

  func launch(_ orders: [LaunchOrder], report: @escaping @Sendable (Event) -> Void) {
    attempts.launch(orders, report: report)
  }

  func kill(_ attempt: AttemptID) { attempts.kill(attempt) }

  func recallWaiting() { attempts.recallWaiting() }

  func resize(_ parallel: Parallel) { attempts.resize(parallel) }

  func stop() async { await attempts.stop() }

  func prepare(_ items: [ClaimedItem]) async throws(StoreError) -> [Event] {
    try await preparation.prepare(items)
  }

  private func claim(
    _ limit: Int, _ scope: Scope, blocked: Set<Int>
  ) async throws(StoreError) -> ClaimAnswer {
    let now = clock()
    let claim = try await queue.perform { store throws(StoreError) in
      try store.claim(limit, scope: ClaimScope(scope), blocked: blocked, of: run, at: now)
    }
    if !claim.items.isEmpty { news(.claimed(claim.items)) }
    return ClaimAnswer(items: claim.items, nextDue: claim.nextDue, open: claim.open)
  }

  private func endCanary() async throws(StoreError) {
    let now = clock()
    _ = try await queue.perform { store throws(StoreError) in
      try store.mark(.canary, .nothing, of: run, at: now)
    }
  }
}

extension ClaimScope {
  init(_ scope: Scope) {
    switch scope {
    case .all: self = .all
    case .canary: self = .canary
    case .focus: self = .focus
    }
  }
}

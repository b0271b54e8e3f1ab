// What only the engine, holding the workspace's lock, may do with a store.

package import BatchModel
package import Resilience

/// The writing side: one connection makes every write and every checkpoint.
///
/// *Concurrency*: called from one thread at a time (the write queue's). *Time* is passed in.
package protocol StoreWriting: StoreReading {
  /// Registers an engine: the next epoch.
  func beginEpoch(pid: Int32, bootID: String, host: String, at now: Instant) throws(StoreError)
    -> Epoch
  /// Creates a run without items, in state `running`, and its `run.started` event.
  func createRun(_ started: RunStarted, definition: Batch, at now: Instant) throws(StoreError)
  /// The next free attempt number, also after a crash.
  func nextAttempt() throws(StoreError) -> AttemptID

  /// Starts comparing the run's items with its source. On a new run everything is new.
  func openSource(of run: RunID, at now: Instant) throws(StoreError)
  /// The next items of the source, in its order. Identity is key + occurrence. New items are
  /// enqueued; one with another payload or `after` is queued again; the rest is left alone.
  func offer(_ items: [SourceItem], to run: RunID, at now: Instant) throws(StoreError)
  /// Ends the comparison: dependencies are resolved, vanished items are cancelled as gone.
  func closeSource(of run: RunID, at now: Instant) throws(StoreError) -> SourceReport

  /// One transaction: every change and its ledger entry, then the mirror. Afterwards it is durable.
  ///
  /// `done`, `skipped(unchanged)` and `skipped(olderRecipe)` satisfy dependants; `failed`,
  /// `cancelled` and the other skips make them `skipped(dependencyFailed)`, transitively; queueing
  /// an item again takes that back.
  ///
  /// Notes whose code begins with a colon are the store's own.
  func apply(_ changes: [Change], of run: RunID, at now: Instant) throws(StoreError)
  /// Several submissions in one transaction, in order: all of them or none.
  func apply(_ submissions: [Submission]) throws(StoreError)

  /// Up to `limit` items that may start now and are not held yet, by ordinal; they are held until a
  /// change moves them out of the window. Waiting items whose time has come count as queued.
  ///
  /// - Parameter blocked: steps that nothing may start now; their items stay where they are.
  func claim(
    _ limit: Int, scope: ClaimScope, blocked: Set<Int>, of run: RunID, at now: Instant
  ) throws(StoreError) -> Claim
  /// Gives items back that were claimed and not started.
  func release(_ items: [ItemID])

  /// Marks the items that `scope` admits. Replaces an earlier mark of the same scope.
  func mark(_ scope: ClaimScope, _ selection: Selection, of run: RunID, at now: Instant)
    throws(StoreError) -> Int
  /// How the marked items stand.
  func counts(of scope: ClaimScope, in run: RunID) throws(StoreError) -> ItemCounts

  /// Applies an action to what the selector means and is not held, in chunks of at most 10,000, and
  /// records `request` as applied in the same transaction as its first chunk.
  ///
  /// - Returns: how many changed, and the ids that the selector also means but the engine holds.
  func move(
    _ selector: ItemSelector, _ action: ItemAction, of run: RunID, request: Request, at now: Instant
  ) throws(StoreError) -> MovedItems
  /// Retries so many failed items of a group; the rest follows when all of them got done. Records
  /// `request` as applied in the same transaction.
  ///
  /// While one is under way, another one of the same group is refused, with a note in the ledger.
  ///
  /// - Returns: how many items are queued again.
  func retryGroup(
    _ signature: Signature, canary count: Int, _ overrides: Overrides, of run: RunID,
    request: Request, at now: Instant
  ) throws(StoreError) -> Int
  /// Judges the retries whose first items have all ended, and queues the rest of those that passed,
  /// in chunks of at most 10,000. `claim` does so too: no run is over before its retries are judged.
  ///
  /// - Returns: how many items are queued again.
  func advanceCanaries(of run: RunID, at now: Instant) throws(StoreError) -> Int
  /// Records a request that changes no item as applied, with the changes that it causes.
  /// Returns false, and does nothing, when it was applied before.
  func record(_ request: Request, _ changes: [Change], of run: RunID, at now: Instant)
    throws(StoreError) -> Bool

  /// Attempts without an outcome: what a dead engine left behind.
  func openAttempts(of run: RunID) throws(StoreError) -> [OpenAttempt]
  /// A cache, no event: digests of files as they were read.
  ///
  /// A file whose content is another one than before is stale until `recheckStale`.
  func remember(_ digests: [FileDigest]) throws(StoreError)
  /// The same for what globs matched.
  func remember(_ listings: [FileListing]) throws(StoreError)
  /// Queues `done` and `skipped` items again whose recorded input files or artifacts are among
  /// `paths`, for their keys to be compared.
  func recheck(paths: [String], of run: RunID, at now: Instant) throws(StoreError) -> Int
  /// The same for the files and globs that are stale: they changed while a run worked on, or were
  /// remembered and not rechecked before a crash. What an item published itself is no change to it.
  func recheckStale(of run: RunID, at now: Instant) throws(StoreError) -> Int
  /// The same for every `done` and `skipped` item: for a run that insists.
  func recheckAll(of run: RunID, at now: Instant) throws(StoreError) -> Int
  /// The cursor of a sink; a new sink gets the events from the beginning of `run` on.
  func openOutbox(_ sink: String, from run: RunID, at now: Instant) throws(StoreError)
    -> OutboxCursor
  /// Moves a sink's cursor, and keeps what it refused; no event of the ledger.
  func saveOutbox(_ cursor: OutboxCursor, refused: [OutboxRefusal]) throws(StoreError)
  /// Records what hooks told of files, each content once; what is repeated is only counted.
  func track(_ artifacts: [ArtifactTracked], of run: RunID, at now: Instant) throws(StoreError)
  /// Keeps how a run stood, and thins what is older; no event of the ledger.
  func keep(_ sample: RunSample, of run: RunID) throws(StoreError)
  /// Empties the write-ahead log into the database file.
  func checkpoint() throws(StoreError)
  /// Housekeeping that a committed transaction does not wait for: syncs and checkpoints that are
  /// due. Called after each batch, and once when nothing has come for a while.
  func maintain(isIdle: Bool) throws(StoreError)
}

/// Which items may be claimed.
package enum ClaimScope: String, Hashable, Sendable, Codable {
  case all
  /// The run's first, trial items.
  case canary
  /// What `--only`, `--limit` or `--sample` let through.
  case focus
}

/// Which items a scope marks.
package enum Selection: Hashable, Sendable {
  /// `count` items that are not ended: the first ones, evenly spread, or drawn with `seed`.
  case pick(Canary.Pick, count: Int, seed: UInt64)
  /// Keys that match a glob, at most `limit`, of those at most `sample` drawn with `seed`.
  case matching(glob: String?, limit: Int?, sample: Int?, seed: UInt64)
  /// None: forgets the mark.
  case nothing
}

/// An answer to `claim`.
package struct Claim: Hashable, Sendable {
  package var items: [ClaimedItem]
  /// When the next waiting item of the scope is due.
  package var nextDue: Instant?
  /// Items of the scope that are queued or waiting and not held.
  package var open: Int
  package init(items: [ClaimedItem], nextDue: Instant?, open: Int) {
    self.items = items
    self.nextDue = nextDue
    self.open = open
  }
}

/// What a comparison with the source found.
package struct SourceReport: Hashable, Sendable {
  package var added: Int
  package var changed: Int
  package var vanished: Int
  /// Dependencies that cannot be met: the items that have them were not enqueued as runnable.
  package var problems: [DependencyProblem]
  /// Vanished items that the engine holds: it has to let go of them itself.
  package var held: [ItemID]
  package init(
    added: Int, changed: Int, vanished: Int, problems: [DependencyProblem], held: [ItemID] = []
  ) {
    self.added = added
    self.changed = changed
    self.vanished = vanished
    self.problems = problems
    self.held = held
  }
}

/// A dependency that can never be met.
package enum DependencyProblem: Hashable, Sendable {
  case missing(item: String, needs: String)
  /// The keys along the cycle, the first one repeated at the end.
  case cycle([String])
}

package struct MovedItems: Hashable, Sendable {
  package var changed: Int
  package var held: [ItemID]
  package init(changed: Int, held: [ItemID]) {
    self.changed = changed
    self.held = held
  }
}

/// An attempt whose engine died.
package struct OpenAttempt: Hashable, Sendable {
  package var attempt: AttemptID
  package var item: ItemID
  package var step: Int
  package var tries: Int
  package var epoch: Epoch
  package var pid: Int32?
  /// T2 was committed: the item goes on at the checks.
  package var hasResult: Bool
  /// T3 was committed: what it was going to publish.
  package var publishing: [PublishIntent]
  /// What it reserved and was not settled.
  package var reservation: Reservation?
  /// The place in the step's chain of models of the one that was asked.
  package var model: Int
  package var review: ReviewState?
  package init(
    attempt: AttemptID, item: ItemID, step: Int, tries: Int, epoch: Epoch, pid: Int32?,
    hasResult: Bool, publishing: [PublishIntent] = [], reservation: Reservation? = nil,
    model: Int = 0, review: ReviewState? = nil
  ) {
    self.attempt = attempt
    self.item = item
    self.step = step
    self.tries = tries
    self.epoch = epoch
    self.pid = pid
    self.hasResult = hasResult
    self.publishing = publishing
    self.reservation = reservation
    self.model = model
    self.review = review
  }
}

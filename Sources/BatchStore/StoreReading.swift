// What everyone may ask of a store. No SQL leaks; a PostgreSQL form answers the same questions.

package import BatchModel
package import Resilience

/// The reading side: clients, and the engine's preparation of items.
///
/// *Concurrency*: safe from any thread. *Cost*: each call is one short read transaction.
package protocol StoreReading: AnyObject, Sendable {
  /// Newest first.
  func runs(limit: Int) throws(StoreError) -> [RunSummary]
  func summary(of run: RunID) throws(StoreError) -> RunSummary?
  /// The definition that the run was started with, as the canonical JSON of `Batch`.
  func batch(of run: RunID) throws(StoreError) -> Batch?

  func page(_ query: ItemQuery, of run: RunID) throws(StoreError) -> ItemPage
  /// The items that a person's reference means: a key, a unique suffix of one, `#ordinal`.
  /// Several when a suffix or a key with occurrences is ambiguous; empty when there is none.
  func find(_ reference: String, in run: RunID, limit: Int) throws(StoreError) -> [ItemRow]
  func detail(of item: ItemID) throws(StoreError) -> ItemDetail?
  /// The newest attempt that an item had; `nil` when it has had none.
  func newestAttempt(of item: ItemID) throws(StoreError) -> AttemptID?
  /// Failed items with a candidate that waits for a person's word, in source order.
  ///
  /// - Parameter after: the last item of the page before.
  func reviews(of run: RunID, after: ItemID?, limit: Int) throws(StoreError) -> [PendingReview]
  /// What waits for a person's word on one item; `nil` when nothing does.
  func review(of item: ItemID) throws(StoreError) -> PendingReview?
  /// Most failures first.
  ///
  /// - Parameter now: up to when `recent` counts; `nil` is the run's newest event.
  /// - Parameter withResolved: also those in which nothing stands failed any more.
  func failureGroups(
    of run: RunID, at now: Instant?, withResolved: Bool
  ) throws(StoreError) -> [FailureGroup]
  /// The run's figures in a stretch of its past, oldest first; at most so many, evenly spread, the
  /// newest one among them.
  func samples(of run: RunID, from: Instant?, to: Instant?, limit: Int) throws(StoreError)
    -> [RunSample]
  /// Entries with a greater sequence that are of no one attempt or item's move, in order.
  func landmarks(of run: RunID, after sequence: Int64, limit: Int) throws(StoreError)
    -> [LedgerEntry]
  /// The newest of those with a smaller sequence, in order; none from a file that no newer engine has
  /// come to.
  func landmarks(of run: RunID, before sequence: Int64, limit: Int) throws(StoreError)
    -> [LedgerEntry]
  /// The run's newest event at that moment, or of all; 0 when there was none.
  func lastSequence(of run: RunID, at moment: Instant?) throws(StoreError) -> Int64
  /// What came to pass since a moment, and stands.
  ///
  /// *Cost*: looks at every item and attempt of the store.
  func progress(of run: RunID, since moment: Instant) throws(StoreError) -> RunProgress
  /// Attempts without an outcome, of one run or of all: under way, or left by a dead engine.
  func unendedAttempts(of run: RunID?) throws(StoreError) -> [AttemptID]
  /// When the next waiting item is due; `nil` when none waits.
  func nextDue(of run: RunID) throws(StoreError) -> Instant?

  /// Entries with a greater sequence, in order.
  func entries(of run: RunID?, after sequence: Int64, limit: Int) throws(StoreError)
    -> [LedgerEntry]
  /// The newest receipts first; `itemKey` narrows them.
  func receipts(itemKey: String?, limit: Int) throws(StoreError) -> [Receipt]
  /// Every live receipt (the newest of its item and step) in a stable order, in constant memory.
  func forEachReceipt(_ body: (Receipt) throws -> Void) throws

  /// The receipt with exactly this key, the newest if several; one answer for each key, in order.
  ///
  /// Many at a time, like `histories`: a transaction for each would cost more than its answer.
  func receipts(for keys: [IdempotencyKey]) throws(StoreError) -> [Receipt?]
  /// What stands of each item's steps up to the one that it does next, in order.
  ///
  /// - Parameter steps: the ids of the batch's steps.
  func histories(of items: [ClaimedItem], steps: [String]) throws(StoreError) -> [ItemHistory]
  /// The artifact of the newest receipt that published at this path.
  func artifact(at path: String) throws(StoreError) -> Artifact?
  /// The newest receipt that published at this path, when its item is one of the run's that were
  /// not taken out.
  func owner(of path: String, in run: RunID) throws(StoreError) -> Receipt?
  func fileDigest(of path: String) throws(StoreError) -> FileDigest?
  /// All files whose digests are known, sorted by path, some thousands at a time.
  func forEachStampedFiles(_ body: ([StampedFile]) throws -> Void) throws

  /// What the globs of `reads:` matched last, sorted by glob, some thousands at a time.
  func forEachListings(_ body: ([FileListing]) throws -> Void) throws

  /// How items of the source stand in a run, in order; `nil` for one that it has not.
  ///
  /// - Parameter occurrences: which of the items with the same key each one is, from 1.
  func standings(of items: [SourceItem], occurrences: [Int], in run: RunID) throws(StoreError)
    -> [SourceStanding?]
  /// The items of a run that its source still had when they were compared last.
  func presentItems(of run: RunID) throws(StoreError) -> Int

  /// What counts towards the caps so far.
  func spent(of run: RunID, at now: Instant) throws(StoreError) -> Spent
  /// The open reservations, metered.
  func reserved(of run: RunID) throws(StoreError) -> Money
  /// The cap as it was changed while the run ran.
  func budgetState(of run: RunID) throws(StoreError) -> BudgetState
  /// What a person holds back, sorted by its text.
  func holds(of run: RunID) throws(StoreError) -> [Hold]
  /// The numbers of slots that a person has set; `nil` leaves the definition's.
  func parallel(of run: RunID) throws(StoreError) -> Parallel?
  /// Retries of groups that are still at their first items, or at reaching the rest; oldest first.
  func canaries(of run: RunID) throws(StoreError) -> [CanaryFigures]
  /// How the providers stood last, by name, whatever the run.
  func providerStates() throws(StoreError) -> [String: ProviderState]
  /// Sums of one run, or of all; the dearest first, days in their order.
  func spending(of run: RunID?, by axis: SpendingAxis, limit: Int) throws(StoreError)
    -> [SpendingRow]

  /// Where the sinks of events are, the newest one first.
  func outboxCursors() throws(StoreError) -> [OutboxCursor]
  /// Events with a greater sequence, in order, whatever their rank.
  func outboxEntries(after sequence: Int64, limit: Int) throws(StoreError) -> [OutboxEntry]
  /// The oldest pending events, in order, up to a sequence; at least one if there is any, whatever its
  /// size.
  func outboxEvents(of cursor: OutboxCursor, upTo end: Int64, eventsMax: Int, bytesMax: Int)
    throws(StoreError) -> [OutboxEvent]
  /// What a sink refused, newest first.
  func outboxRefusals(of sink: String, limit: Int) throws(StoreError) -> [OutboxRefusal]

  /// What hooks told of files so far.
  func trackFigures() throws(StoreError) -> TrackFigures

  /// The receipts that published at the path, in any run, newest first.
  ///
  /// This and the next seven throw `olderSchema` for a store to which no newer engine has come.
  func makings(of path: String, limit: Int) throws(StoreError) -> [Making]
  /// The receipts whose step left exactly these bytes, newest first, wherever they were published.
  func makings(of digest: Digest, limit: Int) throws(StoreError) -> [Making]
  /// The receipts of one item in all runs, newest first.
  func makings(ofItem key: String, occurrence: Int, limit: Int) throws(StoreError) -> [Making]
  /// The receipt of an attempt; `nil` when it has none.
  func making(by attempt: AttemptID) throws(StoreError) -> Making?
  /// The receipts whose keys cover the path, of the newest items first.
  func uses(of path: String, limit: Int) throws(StoreError) -> [Making]
  /// The receipts whose steps read what the glob matches, of the newest items first.
  func uses(ofGlob glob: String, limit: Int) throws(StoreError) -> [Making]
  /// What hooks told of the path, newest first.
  func tellings(of path: String, limit: Int) throws(StoreError) -> [Telling]
  /// What hooks told of files that were made from the path, newest first.
  func tellings(from path: String, limit: Int) throws(StoreError) -> [Telling]

  /// Runs `body`, whose reads see one state of the store, as one transaction costs less than ten.
  func together<Value>(_ body: () throws -> Value) throws -> Value

  /// Changes whenever another connection commits.
  func changeCounter() throws(StoreError) -> Int64
}

extension StoreReading {
  /// Each read by itself: enough where nobody else writes.
  package func together<Value>(_ body: () throws -> Value) throws -> Value { try body() }

  /// The groups in which items stand failed, as of the run's newest event.
  package func failureGroups(of run: RunID) throws(StoreError) -> [FailureGroup] {
    try failureGroups(of: run, at: nil, withResolved: false)
  }
}

/// What came to pass in a run since a moment.
package struct RunProgress: Hashable, Sendable {
  /// Items by the state into which they came; queued ones are not counted.
  package var counts: ItemCounts
  /// Metered, of the attempts that ended.
  package var spent: Money
  package init(counts: ItemCounts = ItemCounts(), spent: Money = .zero) {
    self.counts = counts
    self.spent = spent
  }
}

/// How an item of the source stands in a run.
package struct SourceStanding: Hashable, Sendable {
  package var id: ItemID
  /// The source had lost it when they were compared last.
  package var isGone: Bool
  /// Payload and `after` are what the source says now.
  package var isSame: Bool
  package init(id: ItemID, isGone: Bool, isSame: Bool) {
    self.id = id
    self.isGone = isGone
    self.isSame = isSame
  }
}

/// What the store knows of one item before its next step.
package struct ItemHistory: Hashable, Sendable {
  /// The newest receipt in any run of each step, from the first to the one that comes next.
  package var receipts: [Receipt?]
  /// What the steps of the items that it comes after published, in step order.
  package var dependencies: [Artifact]
  package init(receipts: [Receipt?] = [], dependencies: [Artifact] = []) {
    self.receipts = receipts
    self.dependencies = dependencies
  }
}

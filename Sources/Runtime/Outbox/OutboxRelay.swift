// The loop around the relay's machine: reads events, posts them, and moves the cursor durably. It runs
// beside the work and asks nothing of it but a cursor's write a few times a second.

import BatchModel
import BatchStore
import Outbox
import Resilience

/// Delivers one store's events to one sink.
///
/// *Concurrency*: one task runs it; everybody else talks to its board.
struct OutboxRelay {
  /// How it ended.
  enum End: Hashable, Sendable {
    /// Nothing is pending.
    case empty
    /// The rest waits for a later try.
    case pending(String)
  }

  /// Events gather for so long before a delivery that is not full.
  private static let linger = Duration.milliseconds(200)
  /// Durable moves of the cursor are so far apart while deliveries follow each other; after a crash
  /// what was delivered since the last one is delivered again.
  private static let savesApart = Duration.milliseconds(300)
  /// How often a sink that is left alone has its backlog counted and trimmed.
  private static let surveysApart = Duration.seconds(1)
  private static let pageSize = 2_000

  private let store: any StoreReading
  private let endpoint: SinkEndpoint
  private let bounds: Backlog.Bounds
  private let events: CloudEvents
  private let board: OutboxBoard
  private let clock: @Sendable () -> Instant
  private let save: @Sendable (OutboxCursor, [OutboxRefusal]) async throws(StoreError) -> Void
  private var machine: Relay
  private var backlog: Backlog
  private var random = SystemRandomNumberGenerator()
  private var saved: OutboxCursor
  private var savedAt = Instant(nanoseconds: 0)
  private var refused: [OutboxRefusal] = []
  private var surveyedAt = Instant(nanoseconds: 0)
  private var oldest: Instant?

  init(
    _ cursor: OutboxCursor, store: any StoreReading, endpoint: SinkEndpoint,
    mask: @escaping @Sendable (String) -> String, board: OutboxBoard,
    clock: @escaping @Sendable () -> Instant,
    save: @escaping @Sendable (OutboxCursor, [OutboxRefusal]) async throws(StoreError) -> Void
  ) {
    self.store = store
    self.endpoint = endpoint
    self.board = board
    self.clock = clock
    self.save = save
    bounds = Backlog.Bounds(
      bytesMax: endpoint.sink.spoolBytesMax, keep: endpoint.sink.keep)
    events = CloudEvents(identity: cursor.identity, mask: mask)
    machine = Relay(Relay.Options(health: endpoint.sink.health))
    backlog = Backlog(cursor)
    saved = cursor
  }

  /// Delivers until its task is cancelled, or it was asked to end and can do nothing more now.
  ///
  /// Afterwards `saveRest` is called, by a task that is not cancelled.
  ///
  /// - Throws: when the store cannot be read or written; the events wait for the next engine.
  mutating func run() async throws(StoreError) -> End {
    while !Task.isCancelled {
      if board.takeHurry() { machine.hurry(at: clock()) }
      let isEnding = board.isEnding
      try await survey(isForced: isEnding || backlog.pending == 0)
      guard backlog.pending > 0 else {
        try await saveIfDue(isForced: true)
        show()
        if isEnding { return .empty }
        await sleep(Self.linger)
        continue
      }
      switch machine.next(at: clock(), using: &random) {
      case .rest(let until):
        try await saveIfDue(isForced: true)
        show()
        if isEnding { return .pending(machine.trouble) }
        await sleep(min(Self.linger, max(.milliseconds(1), clock().duration(to: until))))
      case .checkHealth(let probe):
        let illness = await endpoint.illness()
        machine.checked(
          probe, isHealthy: illness == nil, trouble: illness ?? "", at: clock())
      case .post(let portion):
        let isFull = try await post(portion)
        try await saveIfDue(isForced: false)
        if !isFull, !isEnding { await sleep(Self.linger) }
      }
    }
    return backlog.pending == 0 ? .empty : .pending(machine.trouble)
  }

  /// Writes what was delivered and not written yet.
  mutating func saveRest() async throws(StoreError) {
    try await saveIfDue(isForced: true)
    show()
  }

  /// Posts what fits; says whether more is waiting.
  private mutating func post(_ portion: Relay.Portion) async throws(StoreError) -> Bool {
    let batch = try store.outboxEvents(
      of: backlog.cursor, upTo: backlog.tail, eventsMax: portion.eventsMax,
      bytesMax: portion.bytesMax)
    guard let first = batch.first else {
      machine.unused(portion, at: clock(), using: &random)
      return false
    }
    oldest = first.entry.at
    let answer = await endpoint.deliver(events.batch(batch))
    let now = clock()
    let entries = batch.map(\.entry)
    switch machine.finished(portion, count: batch.count, answer, at: now, using: &random) {
    case .delivered: backlog.deliver(entries, at: now)
    case .refused(let status, let reason):
      backlog.refuse(first.entry)
      refused.append(
        OutboxRefusal(
          sequence: first.entry.sequence, at: now, status: status, reason: reason))
    case .kept: break
    }
    show()
    return backlog.pending > 0
  }

  // MARK: The backlog

  /// Counts what came, and gives up what is too much.
  private mutating func survey(isForced: Bool) async throws(StoreError) {
    let now = clock()
    guard isForced || surveyedAt.duration(to: now) >= Self.surveysApart else { return }
    surveyedAt = now
    while true {
      let page = try store.outboxEntries(after: backlog.tail, limit: Self.pageSize)
      backlog.count(page)
      if page.count < Self.pageSize { break }
      // A long backlog is counted beside the work, not before it.
      await Task.yield()
    }
    try expire(at: now)
    try backlog.trim(bounds, showing: store)
    oldest =
      backlog.pending == 0
      ? nil : try store.outboxEntries(after: backlog.cursor.position, limit: 1).first?.at
  }

  private mutating func expire(at now: Instant) throws(StoreError) {
    var isMore = backlog.pending > 0
    while isMore {
      let page = try store.outboxEntries(after: backlog.cursor.position, limit: Self.pageSize)
      isMore = backlog.expire(page.filter { $0.sequence <= backlog.tail }, bounds, at: now)
    }
  }

  // MARK: The cursor

  private mutating func saveIfDue(isForced: Bool) async throws(StoreError) {
    guard backlog.cursor.isWorthSaving(over: saved) || !refused.isEmpty else { return }
    let now = clock()
    guard isForced || savedAt.duration(to: now) >= Self.savesApart else { return }
    let cursor = backlog.cursor
    try await save(cursor, refused)
    refused = []
    saved = cursor
    savedAt = now
  }

  private func show() {
    let now = clock()
    let waits = backlog.pending > 0
    board.show(
      OutboxFigures(
        cursor: backlog.cursor, pending: backlog.pending, sizeBytes: backlog.sizeBytes,
        sizeBytesMax: bounds.bytesMax, oldest: waits ? oldest : nil,
        nextTry: waits ? machine.nextTry(at: now) : nil, health: machine.sinkHealth,
        trouble: machine.trouble, at: now))
  }

  /// Woken early when it is cancelled: then there is nothing left to wait for.
  private func sleep(_ duration: Duration) async { try? await Task.sleep(for: duration) }
}

extension OutboxCursor {
  /// A cursor that only passed events of no interest need not be written.
  fileprivate func isWorthSaving(over saved: OutboxCursor) -> Bool {
    delivered != saved.delivered || failed != saved.failed || lost != saved.lost
  }
}

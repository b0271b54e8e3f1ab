// What the producers and the writing thread share.

import BatchModel

/// One thing to do on the writing thread.
enum Operation: Sendable {
  case submit(Submission, @Sendable (Result<Void, StoreError>) -> Void)
  /// `attempt` does it and gives back how to say so; `refuse` says that it failed.
  case perform(
    attempt: @Sendable (any StoreWriting) throws(StoreError) -> @Sendable () -> Void,
    refuse: @Sendable (StoreError) -> Void)

  func refuse(_ error: StoreError) {
    switch self {
    case .submit(_, let acknowledged): acknowledged(.failure(error))
    case .perform(_, let refuse): refuse(error)
    }
  }
}

/// The queue behind its lock.
struct QueueState {
  enum Placing {
    case accepted, full, refused
  }

  private var operations: [Operation] = []
  /// Producers that wait for room, oldest first, with what they bring.
  var waiting: [(Operation, CheckedContinuation<Void, Never>)] = []
  /// Callers of `shutdown`.
  var ending: [CheckedContinuation<Void, Never>] = []
  var isClosed = false
  var isOver = false
  /// `depth` counts what waits and what is being written.
  var figures = WriteFigures()

  mutating func place(_ operation: Operation, capacity: Int) -> Placing {
    guard !isClosed else { return .refused }
    guard figures.depth < capacity, waiting.isEmpty else { return .full }
    append(operation)
    return .accepted
  }

  /// The oldest operations.
  mutating func take(_ limit: Int) -> [Operation] {
    if operations.count <= limit {
      defer { operations = [] }
      return operations
    }
    defer { operations.removeFirst(limit) }
    return Array(operations.prefix(limit))
  }

  /// Counts what was done and lets waiting producers in.
  ///
  /// - Returns: the producers to resume.
  mutating func settle(
    _ count: Int, _ outcome: BatchOutcome, capacity: Int
  ) -> [CheckedContinuation<Void, Never>] {
    figures.depth -= count
    figures.written += outcome.written
    figures.batches += outcome.batches
    figures.errors += outcome.errors
    let free = min(capacity - figures.depth, waiting.count)
    let admitted = waiting.prefix(free)
    waiting.removeFirst(free)
    for (operation, _) in admitted { append(operation) }
    return admitted.map(\.1)
  }

  private mutating func append(_ operation: Operation) {
    operations.append(operation)
    figures.queued += 1
    figures.depth += 1
  }
}

/// What became of a batch of operations.
struct BatchOutcome {
  var written = 0
  var batches = 0
  var errors = 0
  /// To be called once the queue's figures are right.
  var acknowledgements: [@Sendable () -> Void] = []
}

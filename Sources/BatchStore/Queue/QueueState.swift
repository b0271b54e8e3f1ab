// What the producers and the writing thread share.

import BatchModel

/// One thing to do on the writing thread.
enum Operation: Sendable {
  case submit(Submission, @Sendable (Result<Void, StoreError>) -> Void)
  /// `attempt` does it and gives back how to say so; `refuse` says that it failed.
  case perform(
    attempt: @Sendable (any StoreWriting) throws(StoreError) -> @Sendable () -> Void,
    refuse: @Sendable (StoreError) -> Void)

  /// Whether somebody waits for its answer and does nothing meanwhile: such a call is not gathered.
  var isAwaited: Bool {
    if case .perform = self { true } else { false }
  }

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
    case accepted
    /// The writing thread sleeps and is to be woken, once.
    case awaited
    case full, refused
  }

  private var operations: [Operation] = []
  /// Producers that wait for room, oldest first, with what they bring.
  var waiting: [(Operation, CheckedContinuation<Void, Never>)] = []
  /// Callers of `shutdown`.
  var ending: [CheckedContinuation<Void, Never>] = []
  private(set) var isClosed = false
  var isOver = false
  /// The writing thread sleeps until so many operations are there; `nil` while it works.
  private var sleepsUntil: Int?
  /// `depth` counts what waits and what is being written.
  var figures = WriteFigures()

  mutating func place(_ operation: Operation, capacity: Int) -> Placing {
    guard !isClosed else { return .refused }
    guard figures.depth < capacity, waiting.isEmpty else { return .full }
    append(operation)
    guard let count = sleepsUntil, operation.isAwaited || operations.count >= count else {
      return .accepted
    }
    sleepsUntil = nil
    return .awaited
  }

  /// Whether the writing thread may sleep until so many operations wait, or an awaited one; it then
  /// has to call `wake`.
  ///
  /// A signal for each operation would wake it as often as there are operations.
  mutating func sleep(until count: Int) -> Bool {
    guard !isClosed, operations.count < count, !operations.contains(where: \.isAwaited) else {
      return false
    }
    sleepsUntil = count
    return true
  }

  /// Ends the sleep of a thread whose time is over.
  ///
  /// - Returns: whether a producer has seen to it already: its signal is on the way.
  mutating func wake() -> Bool {
    defer { sleepsUntil = nil }
    return sleepsUntil == nil
  }

  /// Ends the queue, and a sleep.
  ///
  /// - Returns: whether the thread is to be woken.
  mutating func close() -> Bool {
    isClosed = true
    defer { sleepsUntil = nil }
    return sleepsUntil != nil
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

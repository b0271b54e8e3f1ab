// The writing thread's side: operations into transactions, errors into answers, and the latch.

import BatchModel

/// Writes batches of operations.
///
/// Only the writing thread has it.
struct QueueWriter {
  private let store: any StoreWriting
  private let batchMax: Int
  private let onDiskFull: @Sendable () -> Void
  private var isLatched = false
  private var hasFreedRoom = false

  init(
    store: any StoreWriting, options: WriteQueue.Options, onDiskFull: @escaping @Sendable () -> Void
  ) {
    self.store = store
    batchMax = options.batchMax
    self.onDiskFull = onDiskFull
  }

  /// Writes operations in order: neighbouring submissions in one transaction.
  mutating func write(_ operations: [Operation]) -> BatchOutcome {
    var outcome = BatchOutcome()
    var group: [(Submission, @Sendable (Result<Void, StoreError>) -> Void)] = []
    for operation in operations {
      switch operation {
      case .submit(let submission, let acknowledged): group.append((submission, acknowledged))
      case .perform(let attempt, let refuse):
        commit(group, &outcome)
        group = []
        perform(attempt, refuse, &outcome)
      }
    }
    commit(group, &outcome)
    if maintain(isIdle: false) != nil { outcome.errors += 1 }
    return outcome
  }

  /// Lets the store sync and checkpoint.
  ///
  /// - Returns: what failed, and is then followed by nothing but `latched`.
  mutating func maintain(isIdle: Bool) -> StoreError? {
    guard !isLatched else { return nil }
    return attempt { store throws(StoreError) in try store.maintain(isIdle: isIdle) }
  }

  private mutating func commit(
    _ group: [(Submission, @Sendable (Result<Void, StoreError>) -> Void)],
    _ outcome: inout BatchOutcome
  ) {
    guard !group.isEmpty else { return }
    let submissions = group.map(\.0)
    let error = attempt { store throws(StoreError) in try store.apply(submissions) }
    if case .conflict = error, group.count > 1 {
      // Nothing of it was written: one by one, only the one at fault fails.
      for member in group { commit([member], &outcome) }
      return
    }
    count(error, group.count, &outcome)
    let result: Result<Void, StoreError> = error.map { .failure($0) } ?? .success(())
    for (_, acknowledged) in group {
      outcome.acknowledgements.append { acknowledged(result) }
    }
  }

  private mutating func perform(
    _ body: @Sendable (any StoreWriting) throws(StoreError) -> @Sendable () -> Void,
    _ refuse: @escaping @Sendable (StoreError) -> Void, _ outcome: inout BatchOutcome
  ) {
    var acknowledge: (@Sendable () -> Void)?
    let error = attempt { store throws(StoreError) in acknowledge = try body(store) }
    count(error, 1, &outcome)
    if let error {
      outcome.acknowledgements.append { refuse(error) }
    } else if let acknowledge {
      outcome.acknowledgements.append(acknowledge)
    }
  }

  /// Tries `body`, a second time after room was made on a full disk, and latches on what remains.
  private mutating func attempt(
    _ body: (any StoreWriting) throws(StoreError) -> Void
  ) -> StoreError? {
    guard !isLatched else { return .latched }
    var error = failure(body)
    if error == .diskFull, !hasFreedRoom {
      hasFreedRoom = true
      onDiskFull()
      error = failure(body)
    }
    if let error, error.isFatal { isLatched = true }
    return error
  }

  private func failure(_ body: (any StoreWriting) throws(StoreError) -> Void) -> StoreError? {
    do throws(StoreError) {
      try body(store)
      return nil
    } catch {
      return error
    }
  }

  private func count(_ error: StoreError?, _ operations: Int, _ outcome: inout BatchOutcome) {
    outcome.batches += 1
    if error == nil { outcome.written += operations } else { outcome.errors += 1 }
  }
}

extension StoreError {
  /// Whether what was written before it is uncertain.
  ///
  /// A conflict is not: it was rolled back.
  fileprivate var isFatal: Bool {
    if case .conflict = self { false } else { true }
  }
}

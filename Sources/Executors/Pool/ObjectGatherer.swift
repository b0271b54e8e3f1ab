// Objects from many tasks, stored together: each waits for one sync, and all for the same one.

package import BatchModel
package import DurableFiles
import Synchronization

/// Stores objects; those that come while others are being stored are the next batch.
package final class ObjectGatherer: Sendable {
  private typealias Answer = CheckedContinuation<Result<SealedObject, FilesError>, Never>
  private struct State {
    var waiting: [(bytes: [UInt8], answer: Answer)] = []
    var isStoring = false
  }

  /// Bounds the descriptors that are open at once.
  private static let batchMax = 128
  private let objects: ObjectStore
  private let pool: BlockingPool
  private let state = Mutex(State())

  package init(objects: ObjectStore, pool: BlockingPool) {
    self.objects = objects
    self.pool = pool
  }

  /// Stores `bytes` durably unless they are there already.
  package func put(_ bytes: [UInt8]) async throws(FilesError) -> SealedObject {
    let result = await withCheckedContinuation { answer in
      let isFirst = state.withLock { state in
        state.waiting.append((bytes, answer))
        defer { state.isStoring = true }
        return !state.isStoring
      }
      if isFirst { pool.submit { [self] in store() } }
    }
    return try result.get()
  }

  /// Stores until nobody waits; one thread at a time.
  private func store() {
    while true {
      let batch = state.withLock { state in
        let batch = Array(state.waiting.prefix(Self.batchMax))
        state.waiting.removeFirst(batch.count)
        state.isStoring = !batch.isEmpty
        return batch
      }
      guard !batch.isEmpty else { return }
      let results = objects.put(contentsOf: batch.map(\.bytes))
      for (entry, result) in zip(batch, results) { entry.answer.resume(returning: result) }
    }
  }
}

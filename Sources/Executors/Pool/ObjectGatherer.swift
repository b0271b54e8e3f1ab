// Objects from many tasks, stored together: each waits for one sync, and all for the same one.

package import BatchModel
package import DurableFiles
import Synchronization

/// Stores objects; those that come while others are being stored are the next batch.
package final class ObjectGatherer: Sendable {
  private typealias Answer = CheckedContinuation<Result<SealedObject, FilesError>, Never>
  private struct State {
    var waiting: [(bytes: [UInt8], answer: Answer)] = []
    var storing = 0
  }

  /// Bounds the descriptors that are open at once.
  private static let batchMax = 128
  /// Batches that are stored at the same time: while one waits for the disk, another is written.
  private static let storingMax = 2
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
      let isWanted = state.withLock { state in
        state.waiting.append((bytes, answer))
        guard state.storing < Self.storingMax else { return false }
        state.storing += 1
        return true
      }
      if isWanted { pool.submit { [self] in store() } }
    }
    return try result.get()
  }

  /// Stores until nobody waits.
  private func store() {
    while true {
      let batch = state.withLock { state in
        let batch = Array(state.waiting.prefix(Self.batchMax))
        state.waiting.removeFirst(batch.count)
        if batch.isEmpty { state.storing -= 1 }
        return batch
      }
      guard !batch.isEmpty else { return }
      let results = objects.put(contentsOf: batch.map(\.bytes))
      for (entry, result) in zip(batch, results) { entry.answer.resume(returning: result) }
    }
  }
}

// Several objects stored at once, so that they share the commits of the file system's journal.

package import BatchModel
import Glibc

extension ObjectStore {
  /// Stores each of `all` as `put` does, in about the time that one of them takes.
  ///
  /// All are written before any is synced, and all are named before any folder is synced: the file
  /// system then commits its journal twice, not twice for each. One that fails leaves the others alone.
  package func put(contentsOf all: [[UInt8]]) -> [Result<SealedObject, FilesError>] {
    let drafts = all.map { ObjectDraft(of: $0, in: self) }
    for draft in drafts { draft.proceed { draft throws(FilesError) in try draft.write() } }
    for draft in drafts { draft.proceed { draft throws(FilesError) in try draft.sync() } }
    for draft in drafts { draft.proceed { draft throws(FilesError) in try draft.name() } }
    var failures: [String: FilesError] = [:]
    for folder in Set(drafts.flatMap { $0.failure == nil ? $0.folders : [] }) {
      failures[folder] = Self.failure(syncing: folder)
    }
    for draft in drafts where draft.failure == nil {
      draft.failure = draft.folders.compactMap { failures[$0] }.first
    }
    return drafts.map { draft in draft.failure.map { .failure($0) } ?? .success(draft.object) }
  }

  private static func failure(syncing folder: String) -> FilesError? {
    do throws(FilesError) {
      try syncFolder(folder)
      return nil
    } catch {
      return error
    }
  }
}

/// An object on its way to its name.
private final class ObjectDraft {
  let object: SealedObject
  var failure: FilesError?
  private let store: ObjectStore
  private let bytes: [UInt8]
  private let path: String
  private var file: Descriptor?
  /// Whether it stood there before.
  private var isThere = false

  init(of bytes: [UInt8], in store: ObjectStore) {
    object = SealedObject(digest: Digest(of: bytes), sizeBytes: Int64(bytes.count))
    self.bytes = bytes
    self.store = store
    path = "\(store.folder)/\(TemporaryName.fresh(ObjectStore.temporaryPrefix))"
  }

  /// The folders whose entries lead to it.
  var folders: [String] { [store.shard(of: object.digest), store.folder] }

  /// Takes a step unless an earlier one failed; a failure leaves no file behind.
  func proceed(_ step: (ObjectDraft) throws(FilesError) -> Void) {
    guard failure == nil, !isThere else { return }
    do throws(FilesError) {
      try step(self)
    } catch {
      failure = error
      unlink(path)
    }
  }

  func write() throws(FilesError) {
    isThere = store.isIntact(object)
    guard !isThere else { return }
    let new = try ObjectStore.newFile(path)
    try new.writeAll(bytes, path: path)
    // Only a hint, by which Linux begins to write at once: the next ones are written meanwhile.
    _ = posix_fadvise(new.number, 0, 0, POSIX_FADV_DONTNEED)
    file = consume new
  }

  func sync() throws(FilesError) { try file?.sync(path: path) }

  func name() throws(FilesError) {
    file = nil
    try store.name(path, object.digest)
  }
}

// Everything that can go wrong with a store, as a closed set.

/// A store's operating error.
package enum StoreError: Error, Hashable, Sendable {
  /// The file cannot be opened or created.
  case unavailable(path: String, reason: String)
  /// The file is no database, or its pages are damaged: `footplate doctor` rebuilds it.
  case corrupt(path: String, reason: String)
  /// Made by a newer Footplate; nothing was touched.
  case newerSchema(path: String, found: Int, supported: Int)
  /// Made by an older Footplate, and no engine has come to it since; only a writer may change that.
  case olderSchema(path: String)
  /// No room on the disk; the transaction was rolled back.
  case diskFull
  /// Reading or writing failed; the outcome of a commit is unknown.
  case ioFailed(reason: String)
  /// Another connection held it for longer than the time-out.
  case busy
  /// A change names an item, attempt or run that the store does not have, or in a state that the
  /// change does not allow: a programmer's mistake, or a damaged store.
  case conflict(reason: String)
  /// An earlier write failed, so this one was not tried.
  case latched
}

extension StoreError {
  /// A stable word for logs and JSON.
  package var code: String {
    switch self {
    case .unavailable: "STORE_UNAVAILABLE"
    case .corrupt: "STORE_CORRUPT"
    case .newerSchema: "SCHEMA_NEWER"
    case .olderSchema: "SCHEMA_OLDER"
    case .diskFull: "DISK_FULL"
    case .ioFailed: "STORE_IO"
    case .busy: "STORE_BUSY"
    case .conflict: "STORE_CONFLICT"
    case .latched: "STORE_LATCHED"
    }
  }

  /// Whether the same call may succeed later without anybody's doing.
  package var isRetryable: Bool { self == .busy }
}

extension StoreError: CustomStringConvertible {
  /// What happened and what to do next.
  package var description: String {
    switch self {
    case .unavailable(let path, let reason):
      "\(path): cannot be opened: \(reason); check the folder's owner and permissions"
    case .corrupt(let path, let reason):
      "\(path): damaged: \(reason); `footplate doctor --fix` rebuilds it from the ledger"
    case .newerSchema(let path, let found, let supported):
      "\(path): made by a newer Footplate (schema \(found), this one knows \(supported)); "
        + "update Footplate; nothing was changed"
    case .olderSchema(let path):
      "\(path): made by an older Footplate; `footplate run` brings it up to date"
    case .diskFull: "the disk is full; free some room (`footplate gc`), then `footplate run`"
    case .ioFailed(let reason): "reading or writing the store failed: \(reason)"
    case .busy: "the store is busy; try again"
    case .conflict(let reason): "the store refused a change: \(reason); run `footplate doctor`"
    case .latched: "not written, because an earlier write failed"
    }
  }
}

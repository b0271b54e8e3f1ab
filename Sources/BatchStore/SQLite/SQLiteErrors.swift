// SQLite's result codes and GRDB's errors as the store's closed errors.

import Foundation
import GRDB
import GRDBSQLite

extension StoreError {
  /// From a result code (extended or primary) and SQLite's message.
  static func sqlite(_ code: Int32, message: String, path: String) -> StoreError {
    switch code & 0xff {
    case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt(path: path, reason: message)
    case SQLITE_FULL: .diskFull
    case SQLITE_BUSY, SQLITE_LOCKED: .busy
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH:
      .unavailable(path: path, reason: message)
    case SQLITE_CONSTRAINT: .conflict(reason: message)
    default: .ioFailed(reason: "\(message) (SQLite \(code))")
    }
  }

  /// From whatever a library threw while it worked on `path`.
  static func wrapping(_ error: any Error, path: String) -> StoreError {
    switch error {
    case let error as StoreError: error
    case let error as DatabaseError:
      .sqlite(
        error.extendedResultCode.rawValue, message: error.message ?? "no message", path: path)
    case let error as CocoaError where error.code == .fileWriteOutOfSpace: .diskFull
    case let error as POSIXError where error.code == .ENOSPC: .diskFull
    default: .ioFailed(reason: "\(error)")
    }
  }
}

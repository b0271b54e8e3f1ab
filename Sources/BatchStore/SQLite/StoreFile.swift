// The file of a store before SQLite writes to it: who made it, which version, and who may read it.

import BatchModel
import Foundation
import GRDB

/// Looks at a store's file, and makes a new one, without changing one that is not ours to change.
struct StoreFile {
  var path: String

  /// The file's schema version; `nil` when there is no file, or an empty one.
  ///
  /// The header is read as bytes (https://www.sqlite.org/fileformat.html §1.3). Only when a
  /// write-ahead log may hold a newer first page is SQLite asked, on a read-only connection.
  func version() throws(StoreError) -> Int? {
    guard let header = try header(), !header.isEmpty else { return nil }
    guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
      throw .corrupt(path: path, reason: "not an SQLite database")
    }
    guard size(of: path + "-wal") > 0 else {
      return try recognised(
        version: Self.number(header, 60), application: Self.number(header, 68))
    }
    let (version, application) = try ask()
    return try recognised(version: version, application: application)
  }

  /// Creates an empty file that only its owner may read, unless there is one.
  func create() throws(StoreError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unavailable(path: path, reason: String(cString: strerror(errno)))
    }
    close(descriptor)
  }

  private func recognised(version: Int32, application: Int32) throws(StoreError) -> Int {
    if version == 0, application == 0 { return 0 }
    guard application == Schema.applicationID else {
      throw .unavailable(path: path, reason: "this database was not made by Footplate")
    }
    guard version <= Schema.version else {
      throw .newerSchema(path: path, found: Int(version), supported: Schema.version)
    }
    return Int(version)
  }

  private func header() throws(StoreError) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw .unavailable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { throw .ioFailed(reason: String(cString: strerror(errno))) }
    return Array(bytes.prefix(count))
  }

  private func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  private func ask() throws(StoreError) -> (version: Int32, application: Int32) {
    var configuration = Configuration()
    configuration.readonly = true
    // Another process may be recovering the log of a dead engine, which takes a moment.
    configuration.busyMode = .timeout(5)
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      defer { try? queue.close() }  // nothing was written; a failure to close loses nothing
      return try queue.inDatabase { database in
        (
          try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
          try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        )
      }
    } catch {
      throw .wrapping(error, path: path)
    }
  }

  private static func number(_ bytes: [UInt8], _ offset: Int) -> Int32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int32($1) }
  }
}

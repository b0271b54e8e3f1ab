// The file of a store before SQLite writes to it: who made it, which version, and who may read it.

import BatchModel
import Foundation
import GRDB

/// Looks at a store's file, and makes a new one, without changing one that is not ours to change.
struct StoreFile {
  var path: String

  /// The file's schema version; `nil` when there is no file, or an empty one.
  ///
  /// The header is read as bytes (https://www.sqlite.org/fileformat.html §1.3) of a file that nobody
  /// has open. Of any other SQLite is asked, on a read-only connection: its log may hold a newer first
  /// page; and a descriptor of our own would, when it is closed, take with it the locks of every
  /// connection that this process has to the file, so that the next engine to end removes the log under
  /// them (https://www.sqlite.org/howtocorrupt.html §2.2).
  func version() throws(StoreError) -> Int? {
    guard exists(path) else { return nil }
    guard !exists(path + "-shm"), !exists(path + "-wal") else {
      // SQLite takes a file with less than a header for an empty one.
      if let size = size(of: path), size < Self.headerBytes {
        guard size > 0 else { return nil }
        throw .corrupt(path: path, reason: "not an SQLite database")
      }
      let (version, application) = try ask()
      return try recognised(version: version, application: application)
    }
    guard let header = try header(), !header.isEmpty else { return nil }
    guard header.count == Self.headerBytes, header.starts(with: Array("SQLite format 3\0".utf8))
    else {
      throw .corrupt(path: path, reason: "not an SQLite database")
    }
    return try recognised(version: Self.number(header, 60), application: Self.number(header, 68))
  }

  private static let headerBytes = 100

  /// `nil` for what is no plain file.
  private func size(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  private func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Creates an empty file that only its owner may read, unless there is one.
  func create() throws(StoreError) {
    // One that is there is not even opened: closing it would take the locks away.
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0, errno == EEXIST { return }
    guard descriptor >= 0 else {
      throw .unavailable(path: path, reason: String(cString: strerror(errno)))
    }
    close(descriptor)
  }

  private func recognised(version: Int32, application: Int32) throws(StoreError) -> Int {
    // Most databases name no application: one without tables is the rest of a first start.
    if version == 0, application == 0, try tableCount() == 0 { return 0 }
    guard application == Schema.applicationID else {
      throw .corrupt(path: path, reason: "this database was not made by Footplate")
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
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw .corrupt(path: path, reason: "a folder stands in its place")
    }
    var bytes = [UInt8](repeating: 0, count: Self.headerBytes)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { throw .ioFailed(reason: String(cString: strerror(errno))) }
    return Array(bytes.prefix(count))
  }

  private func ask() throws(StoreError) -> (version: Int32, application: Int32) {
    try asking { database in
      (
        try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
        try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
      )
    }
  }

  private func tableCount() throws(StoreError) -> Int {
    try asking { database in
      try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    }
  }

  private func asking<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    var configuration = Configuration()
    configuration.readonly = true
    // Another process may be recovering the log of a dead engine, which takes a moment.
    configuration.busyMode = .timeout(5)
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      defer { try? queue.close() }  // nothing was written; a failure to close loses nothing
      return try queue.inDatabase(body)
    } catch {
      throw .wrapping(error, path: path)
    }
  }

  private static func number(_ bytes: [UInt8], _ offset: Int) -> Int32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int32($1) }
  }
}

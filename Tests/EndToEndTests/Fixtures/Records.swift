// What the program says in JSON, in the few shapes that the tests look at.

import Foundation
import Testing

/// One item, from `export items`.
struct ItemRecord: Decodable {
  let ordinal: Int
  let key: String
  let occurrence: Int
  let state: String
  let reason: String?
  let note: String
}

/// One attempt, from `export attempts`.
struct AttemptRecord: Decodable {
  let item: String
  let attempt: Int
  let step: String
  let outcome: String?
  let why: String
}

/// One group, from `failures --json`.
struct GroupRecord: Decodable {
  let group: String
  let signature: String
  let count: Int
}

/// `status --json`.
struct StatusRecord: Decodable {
  struct Items: Decodable {
    let total: Int
    let queued: Int
    let waiting: Int
    let running: Int
    let done: Int
    let skipped: Int
    let failed: Int
    let cancelled: Int
  }
  struct Engine: Decodable {
    let alive: Bool
    let pid: Int32?
  }
  let run: String
  let state: String
  let why: String
  let items: Items
  let engine: Engine
  let unknownAttempts: Int
  let current: [String]
}

extension Ended {
  /// Standard output as one JSON document.
  func document<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(output.utf8))
  }

  /// Standard output as NDJSON.
  func records<Value: Decodable>(_ type: Value.Type = Value.self) throws -> [Value] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try lines.map { try decoder.decode(type, from: Data($0.utf8)) }
  }
}

extension BatchFolder {
  func items() async throws -> [ItemRecord] {
    try await footplate("export", "items").records()
  }

  func attempts() async throws -> [AttemptRecord] {
    try await footplate("export", "attempts").records()
  }

  func status() async throws -> StatusRecord {
    try await footplate("status", "--json").document()
  }

  /// The states of the items, by key; an item that stands twice shows its last.
  func states() async throws -> [String: String] {
    Dictionary(try await items().map { ($0.key, $0.state) }, uniquingKeysWith: { $1 })
  }

  /// Runs the batch and expects a status.
  @discardableResult
  func run(
    _ arguments: String..., exits status: Int32 = 0, seconds: Double = 90,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Ended {
    let ended = try await start(["run", "--headless"] + arguments).wait(seconds: seconds)
    #expect(ended.status == status, "\(ended)", sourceLocation: sourceLocation)
    return ended
  }
}

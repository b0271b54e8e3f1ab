// Where hooks leave what they saw until an engine takes it up: small files, whole or not there.

import BatchModel
import DurableFiles
import Foundation
import Resilience

/// `.footplate/track/`.
struct TrackSpool: Sendable {
  private static let dropped = "dropped"
  /// A call's file is smaller; anything larger is not ours.
  private static let fileBytesMax = 1 << 20

  private let folder: String

  init(_ layout: WorkspaceLayout) { folder = layout.tracking }

  /// Leaves one call's events; the same ones again replace themselves.
  ///
  /// It is not synced: hooks have no time for that, and after a loss of power the last second's events
  /// may be missing.
  ///
  /// - Returns: false when too many wait: then it is only counted.
  func leave(_ artifacts: [ArtifactTracked], waitingMax: Int) throws -> Bool {
    let identity = artifacts.map(\.identity).joined(separator: "\n\n")
    let name = String(Digest(of: identity).hex.prefix(32)) + ".json"
    let spool = try PrivateFolder(folder)
    var status = stat()
    guard waits(atMost: waitingMax - 1) || lstat("\(folder)/\(name)", &status) == 0 else {
      try countDropped()
      return false
    }
    let document = JSONValue.array(artifacts.map(\.json)).canonical
    try spool.replace(name, with: Array(document.utf8))
    return true
  }

  /// Whether no more calls than that wait.
  private func waits(atMost limit: Int) -> Bool {
    guard let stream = opendir(folder) else { return true }
    defer { closedir(stream) }
    var count = 0
    while count <= limit, let entry = readdir(stream) {
      // The one name of another kind that there can be many of is not there for long.
      if withUnsafeBytes(of: entry.pointee.d_name, { $0[0] != UInt8(ascii: ".") }) { count += 1 }
    }
    return count <= limit
  }

  /// A call's events and the file that has them.
  struct Waiting {
    var name: String
    var artifacts: [ArtifactTracked]
  }

  /// What waits, oldest first, at most `limit` calls; what is no call's file is set aside.
  func waiting(limit: Int) throws -> (calls: [Waiting], refused: [String]) {
    var calls: [Waiting] = []
    var refused: [String] = []
    for name in try names().prefix(limit) {
      guard let artifacts = read(name) else {
        refused.append(name)
        // What cannot be moved is looked at again the next time.
        _ = rename("\(folder)/\(name)", "\(folder)/\(name).refused")
        continue
      }
      calls.append(Waiting(name: name, artifacts: artifacts))
    }
    return (calls.sorted { $0.toldAt < $1.toldAt }, refused)
  }

  func remove(_ name: String) { unlink("\(folder)/\(name)") }

  /// Calls that wait, files that were no calls, calls that found no room.
  func figures() throws -> (waiting: Int, refused: Int, dropped: Int) {
    let all = try Self.entries(of: folder)
    var status = stat()
    let dropped = stat("\(folder)/\(Self.dropped)", &status) == 0 ? Int(status.st_size) : 0
    return (
      all.count { $0.hasSuffix(".json") }, all.count { $0.hasSuffix(".refused") }, dropped
    )
  }

  private func names() throws -> [String] {
    try Self.entries(of: folder).filter { $0.hasSuffix(".json") }
  }

  private static func entries(of folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder)
  }

  /// A byte for each: an append of one byte needs no lock.
  private func countDropped() throws {
    let file = try Descriptor(
      opening: "\(folder)/\(Self.dropped)", O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, mode: 0o600)
    try file.writeAll([UInt8(ascii: ".")], path: folder)
  }

  /// `nil` for anything that is no call's file: a link, a fifo, a giant, other text.
  private func read(_ name: String) -> [ArtifactTracked]? {
    var status = stat()
    guard lstat("\(folder)/\(name)", &status) == 0, status.isFile,
      status.st_size <= Self.fileBytesMax,
      let data = FileManager.default.contents(atPath: "\(folder)/\(name)")
    else { return nil }
    // Whatever is wrong with it, it is set aside.
    guard let artifacts = try? JSONDecoder().decode([ArtifactTracked].self, from: data),
      !artifacts.isEmpty, artifacts.allSatisfy(\.isPlain)
    else { return nil }
    return artifacts
  }
}

extension ArtifactTracked {
  /// What makes two calls one while they wait.
  fileprivate var identity: String {
    let sources = from.joined(separator: "\u{0}")
    return [action.rawValue, path, source, content, sources, reason].joined(separator: "\n")
  }

  /// The JSON that its decoder reads, written without the encoder, which a hook has no time for.
  var json: JSONValue {
    var members: [String: JSONValue] = [
      "action": .string(action.rawValue), "path": .string(path),
      "from": .array(from.map { .string($0) }), "reason": .string(reason),
      "source": .string(source), "nature": .string(nature),
      "toldAt": .object(["nanoseconds": .integer(toldAt.nanoseconds)]),
    ]
    members["digest"] = digest.map { .string($0.description) }
    members["sizeBytes"] = sizeBytes.map { .integer($0) }
    members["modifiedMilliseconds"] = modifiedMilliseconds.map { .integer($0) }
    members["language"] = language.map { .string($0) }
    members["itemKey"] = itemKey.map { .string($0) }
    members["attempt"] = attempt.map { .integer($0) }
    return .object(members)
  }
}

extension TrackSpool.Waiting {
  fileprivate var toldAt: Instant { artifacts.first?.toldAt ?? Instant(nanoseconds: 0) }
}

extension ArtifactTracked {
  /// Whether nothing in it is longer than a call makes it.
  fileprivate var isPlain: Bool {
    !path.isEmpty && path.utf8.count <= 4_096 && reason.utf8.count <= 4_096
      && source.utf8.count <= 200
  }
}

// Where hooks leave what they saw until an engine takes it up: small files, whole or not there.

package import BatchModel
import DurableFiles
import Glibc
import Resilience

/// `.footplate/track/`.
package struct TrackSpool: Sendable {
  package static let dropped = "dropped"

  package let folder: String

  package init(_ folder: String) { self.folder = folder }

  /// Where a workspace has it.
  package static func folder(in root: String) -> String { root + "/.footplate/track" }

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

  /// A byte for each: an append of one byte needs no lock.
  private func countDropped() throws {
    let file = try Descriptor(
      opening: "\(folder)/\(Self.dropped)", O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, mode: 0o600)
    try file.writeAll([UInt8(ascii: ".")], path: folder)
  }
}

extension ArtifactTracked {
  /// What makes two calls one while they wait.
  fileprivate var identity: String {
    let sources = from.joined(separator: "\u{0}")
    return [action.rawValue, path, source, content, sources, reason].joined(separator: "\n")
  }

  /// The JSON that its decoder reads, written without the encoder, which a hook has no time for.
  package var json: JSONValue {
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

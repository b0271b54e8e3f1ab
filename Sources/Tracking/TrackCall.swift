// A hook's call, which is over in milliseconds, and nobody is hurt when it fails. The module is apart from
// `Runtime` so that `footplate-track` is without Foundation, the store and the HTTP client, whose
// relocations alone take longer than the call.

import BatchModel
import DurableFiles
import Glibc
import Resilience

/// One call of the command: what it leaves in the spool.
package struct TrackCall {
  /// A larger file is known by its size and time alone: a hook has no time to read it.
  private static let digestedBytesMax = 4 << 20
  private static let headBytes = 512

  private let root: String
  private let environment: [String: String]
  private let switches: TrackSwitches

  /// - Parameter root: the workspace.
  init(root: String, environment: [String: String]) {
    self.root = root
    self.environment = environment
    switches = TrackSwitches(environment)
  }

  /// The workspace that a folder lies in: the nearest one above that has a `.footplate`.
  ///
  /// A step's process works in a folder below its workspace's `.footplate`, which is passed over.
  package static func workspace(above folder: String) -> String? {
    var folder = folder
    while true {
      var status = stat()
      if lstat(folder + "/.footplate", &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        return folder.isEmpty ? "/" : folder
      }
      guard let slash = folder.lastIndex(of: "/") else { return nil }
      folder = String(folder[..<slash])
    }
  }

  private static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  /// The process's environment as it was given.
  private static func environment() -> [String: String] {
    var variables: [String: String] = [:]
    // Without it every switch is as if it were not set.
    guard let bytes = try? bytes(of: "/proc/self/environ") else { return variables }
    for entry in bytes.split(separator: 0) {
      guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = String(decoding: entry[..<equals], as: UTF8.self)
      variables[name] = String(decoding: entry[(equals + 1)...], as: UTF8.self)
    }
    return variables
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    let file = try Descriptor(opening: path, O_RDONLY)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0, path: path) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// An absolute path without `.`, `..` and repeated slashes; links are not followed.
  package static func absolute(_ path: String, in folder: String) -> String {
    var parts: [Substring] = []
    for part in (path.hasPrefix("/") ? path : folder + "/" + path).split(separator: "/") {
      switch part {
      case ".": break
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The folder that the process works in; `nil` when it is gone.
  private static func workingFolder() -> String? {
    guard let text = getcwd(nil, 0) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  /// The workspace that a hook means: the one that is named, the step's own, or the one around it.
  package static func workspace(
    named folder: String?, in working: String, _ environment: [String: String]
  ) -> String? {
    if let folder { return workspace(above: absolute(folder, in: working)) }
    if let own = environment["FOOTPLATE_WORKSPACE"], own.hasPrefix("/") {
      return workspace(above: own)
    }
    return workspace(above: working)
  }

  /// Does what a hook asks for, in the workspace that it means; outside of one there is nothing to
  /// note, a hook may run anywhere.
  ///
  /// - Returns: what was left out and why, for standard error.
  package static func answer(_ arguments: TrackArguments) -> [String] {
    let environment = environment()
    guard let working = workingFolder(),
      let root = workspace(named: arguments.folder, in: working, environment)
    else { return [] }
    return TrackCall(root: root, environment: environment).record(
      arguments.action, arguments.paths.map { absolute($0, in: working) },
      from: arguments.from.map { absolute($0, in: working) }, reason: arguments.reason, at: now()
    ).map { "footplate track: \($0)" }
  }

  /// Leaves the event of each path in the spool.
  ///
  /// - Parameter paths: absolute.
  /// - Returns: what was left out and why, for standard error.
  func record(
    _ action: ArtifactAction, _ paths: [String], from: [String], reason: String, at now: Instant
  ) -> [String] {
    guard switches.isOn else { return [] }
    var complaints: [String] = []
    let mask = SecretMask(of: environment)
    let sources = from.map { mask.masked(relative($0) ?? $0) }
    var artifacts: [ArtifactTracked] = []
    for path in paths {
      guard let name = relative(path) ?? Self.resolved(path).flatMap(relative) else {
        complaints.append("\(path): outside of the workspace \(root); not tracked")
        continue
      }
      var artifact = look(at: path, action, at: now)
      artifact.path = mask.masked(name)
      artifact.from = sources
      artifact.reason = mask.masked(String(reason.prefix(1_000)))
      artifacts.append(artifact)
    }
    guard !artifacts.isEmpty else { return complaints }
    do {
      let spool = TrackSpool(TrackSpool.folder(in: root))
      guard try spool.leave(artifacts, waitingMax: switches.waitingMax) else {
        return complaints + ["too many events wait already; this one is dropped and counted"]
      }
    } catch {
      complaints.append("not tracked: \(error)")
    }
    return complaints
  }

  private func look(at path: String, _ action: ArtifactAction, at now: Instant) -> ArtifactTracked {
    var artifact = ArtifactTracked(
      action: action, path: path, source: switches.source ?? defaultSource,
      nature: "text", toldAt: now, itemKey: environment["FOOTPLATE_ITEM"],
      attempt: environment["FOOTPLATE_ATTEMPT"].flatMap { Int64($0) })
    var status = stat()
    var head: [UInt8] = []
    if stat(path, &status) == 0, status.isFile {
      artifact.sizeBytes = Int64(status.st_size)
      artifact.modifiedMilliseconds =
        Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
      // A file that cannot be read is still told of, by its size.
      head = (try? Self.head(of: path)) ?? []
      if status.st_size <= Self.digestedBytesMax {
        artifact.digest = try? FileHasher.digest(of: path)
      }
    }
    let nature = FileNature(path: path, head: head)
    artifact.language = nature.language
    artifact.nature = nature.name
    return artifact
  }

  private var defaultSource: String {
    environment["FOOTPLATE_STEP"].map { "step \($0)" } ?? "hook"
  }

  private static func head(of path: String) throws -> [UInt8] {
    let file = try Descriptor(opening: path, O_RDONLY | O_NONBLOCK)
    return try [UInt8](unsafeUninitializedCapacity: headBytes) { buffer, count in
      count = try file.read(into: UnsafeMutableRawBufferPointer(buffer), path: path)
    }
  }

  /// The path with the links in its folder followed; `nil` when there is no such folder.
  private static func resolved(_ path: String) -> String? {
    guard let slash = path.lastIndex(of: "/"),
      let folder = realpath(slash == path.startIndex ? "/" : String(path[..<slash]), nil)
    else { return nil }
    defer { free(folder) }
    return String(cString: folder) + path[slash...]
  }

  /// The path below the workspace; `nil` outside of it.
  private func relative(_ path: String) -> String? {
    let base = root == "/" ? "/" : root + "/"
    guard path.hasPrefix(base), path.utf8.count > base.utf8.count else { return nil }
    return String(path.dropFirst(base.count))
  }
}

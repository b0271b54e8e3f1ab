// The backup folder of one fix: every entry is on disk before the change that it is for.

import BatchModel
import DurableFiles
import Foundation
import Glibc
import Resilience

/// `.footplate/backups/<time>-<code>/`; it is made with its first entry.
final class FixBackup {
  private let layout: WorkspaceLayout
  let folder: String
  private(set) var manifest: FixManifest

  init(layout: WorkspaceLayout, code: Finding.Code, now: Instant) {
    self.layout = layout
    let time = now.rfc3339.filter { $0 != ":" && $0 != "-" }
    folder = "\(layout.backups)/\(time)-\(code.rawValue)"
    manifest = FixManifest(code: code.rawValue, at: now.rfc3339)
  }

  var isEmpty: Bool { manifest.entries.isEmpty }
  var changes: [FixChange] {
    manifest.entries.map { FixChange(path: $0.path, kept: $0.kind.rawValue) }
  }

  /// Saves a file's bytes, or that there is no file.
  ///
  /// - Parameter after: what the fix is going to put there.
  func copy(_ path: String, after: Digest? = nil) throws {
    let entry = FixManifest.Entry(kind: .copied, path: relative(path), after: after)
    guard exists(path) else {
      var absent = entry
      absent.kind = .absent
      return try add(absent)
    }
    var copied = entry
    copied.saved = try freshName(for: path)
    try FileManager.default.copyItem(atPath: path, toPath: "\(folder)/\(copied.saved ?? "")")
    try add(copied)
  }

  /// Moves a file or folder into the backup; undoing it replaces what stands there then.
  func move(_ path: String) throws {
    guard exists(path) else {
      return try add(FixManifest.Entry(kind: .absent, path: relative(path)))
    }
    let name = try freshName(for: path)
    try add(FixManifest.Entry(kind: .moved, path: relative(path), saved: name))
    guard rename(path, "\(folder)/\(name)") == 0 else { throw failure("move", path) }
  }

  func saveMode(_ path: String) throws {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw failure("look at", path) }
    try add(
      FixManifest.Entry(kind: .mode, path: relative(path), mode: status.st_mode & 0o7777))
  }

  /// Saves the store's file with its log, and the lengths of the mirrors.
  func saveStore() throws {
    for suffix in ["", "-wal"] { try copy(layout.database + suffix) }
    try add(FixManifest.Entry(kind: .absent, path: relative(layout.database + "-shm")))
    for mirror in Self.mirrors(layout) {
      var status = stat()
      guard stat(mirror, &status) == 0 else { continue }
      try add(
        FixManifest.Entry(kind: .length, path: relative(mirror), length: Int64(status.st_size)))
    }
  }

  /// Ends the fix: what it did, and where the ledger stands now.
  func finish(_ sentences: [String], lastSequence: Int64?) throws {
    guard !isEmpty else { return }
    manifest.sentences = sentences
    manifest.lastSequence = lastSequence
    try FixManifests.write(manifest, in: folder)
  }

  /// Every run's `ledger.ndjson` that there is.
  static func mirrors(_ layout: WorkspaceLayout) -> [String] {
    // No folder of runs: no mirrors.
    let runs = (try? FileManager.default.contentsOfDirectory(atPath: layout.runs)) ?? []
    return runs.sorted().map { layout.mirror(of: RunID($0)) }
      .filter { FileManager.default.fileExists(atPath: $0) }
  }

  private func add(_ entry: FixManifest.Entry) throws {
    try PrivateFolder.create(folder)
    manifest.entries.append(entry)
    try FixManifests.write(manifest, in: folder)
  }

  private func freshName(for path: String) throws -> String {
    try PrivateFolder.create(folder)
    return "\(manifest.entries.count)-\((path as NSString).lastPathComponent)"
  }

  private func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private func relative(_ path: String) -> String {
    path.hasPrefix(layout.root + "/") ? String(path.dropFirst(layout.root.utf8.count + 1)) : path
  }

  private func failure(_ operation: String, _ path: String) -> FilesError {
    .system(operation: operation, path: path, errno: errno)
  }
}

/// The manifests of a workspace.
enum FixManifests {
  static func write(_ manifest: FixManifest, in folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try PrivateFolder(folder).writeOnce("manifest.json", Array(try encoder.encode(manifest)))
  }

  /// The backups, newest first; a folder without a readable manifest is none.
  static func all(_ layout: WorkspaceLayout) -> [(folder: String, manifest: FixManifest)] {
    // No folder: no fix was ever made.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: layout.backups)) ?? []
    return names.sorted(by: >).compactMap { name in
      let folder = "\(layout.backups)/\(name)"
      guard let data = FileManager.default.contents(atPath: folder + "/manifest.json"),
        let manifest = try? JSONDecoder().decode(FixManifest.self, from: data)
      else { return nil }
      return (folder, manifest)
    }
  }
}

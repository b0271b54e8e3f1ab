// `collect`: many items in, one file out, replaced whole and never over a person's change.

package import BatchModel
import BatchDefinition
package import BatchStore
import DurableFiles
import Engine
import Foundation

/// How a collection went.
package struct CollectOutcome: Hashable, Sendable {
  package enum Standing: Hashable, Sendable {
    case written
    /// The file has these rows already.
    case unchanged
    /// A person changed it since it was collected; it was not touched.
    case leftAlone
  }
  package var path: String
  package var rows: Int
  package var standing: Standing
  /// Rows that could not be made; the first few, and how many there are.
  package var problems: [String]
  package var problemCount: Int
}

/// Writes the file that a batch collects its rows in.
package struct CollectedFile {
  private static let record = "collected.json"
  private let layout: WorkspaceLayout
  private let batch: Batch
  private let store: any StoreReading

  package init(layout: WorkspaceLayout, batch: Batch, store: any StoreReading) {
    self.layout = layout
    self.batch = batch
    self.store = store
  }

  /// Writes it for a run; `nil` when the batch collects nothing.
  ///
  /// - Parameter force: Overwrites a person's change too; its form is kept as an object.
  /// - Throws: `StoreError`, `FilesError`, `OutputPath.Refusal`.
  package func write(of run: RunID, force: Bool = false) throws -> CollectOutcome? {
    guard let collect = batch.collect else { return nil }
    let path = try OutputPath.normalized(collect.path)
    let objects = try ObjectStore(at: layout.objects)
    var rows = rows(of: run, collect, objects)
    let sealed = try seal(&rows, in: objects)
    let standing = try publish(
      sealed, at: path,
      ArtifactPublisher(workspace: try Workspace(at: layout.root), objects: objects),
      force: force)
    return CollectOutcome(
      path: path, rows: rows.count, standing: standing, problems: rows.problems,
      problemCount: rows.problemCount)
  }

  private func rows(
    of run: RunID, _ collect: Collect, _ objects: ObjectStore
  ) -> CollectedRows {
    let renderer = TemplateRenderer()
    let preparer = Preparer(
      steps: batch.steps, store: store,
      files: WorkspaceFiles(root: layout.root, store: store, renderer: renderer),
      renderer: renderer, insistence: .none,
      hasObject: { objects.contains($0) }, objectPath: { objects.path(of: $0) })
    return CollectedRows(
      of: run, collect, steps: batch.steps, store: store, preparer: preparer, renderer: renderer)
  }

  /// The rows as an object, by way of a file, since they may be more than memory holds.
  private func seal(_ rows: inout CollectedRows, in objects: ObjectStore) throws -> SealedObject {
    let path = "\(layout.state)/\(PrivateFolder.temporaryPrefix)collect-\(getpid())"
    try FileTree.remove(path)
    defer { unlink(path) }
    let file = try Descriptor(
      opening: path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600, operation: "create")
    var buffer: [UInt8] = []
    try rows.forEach { line in
      buffer += line.utf8
      guard buffer.count >= 1 << 16 else { return }
      try file.writeAll(buffer, path: path)
      buffer.removeAll(keepingCapacity: true)
    }
    try file.writeAll(buffer, path: path)
    return try objects.seal(path)
  }

  private func publish(
    _ sealed: SealedObject, at path: String, _ publisher: ArtifactPublisher, force: Bool
  ) throws -> CollectOutcome.Standing {
    let found = try publisher.currentContent(of: path)
    if found == .file(sealed.digest) {
      try remember(sealed.digest, at: path)
      return .unchanged
    }
    let last = lastCollected()[path]
    if case .file(let digest) = found {
      if let last, last != digest, !force { return .leftAlone }
      // One that was never collected, or a person's: it may be replaced, but never lost.
      if last != digest { _ = try publisher.objects.seal("\(layout.root)/\(path)") }
    }
    let intent = PublishIntent(path: path, object: sealed, replaces: found)
    if case .targetChanged = try publisher.publish(intent) { return .leftAlone }
    try remember(sealed.digest, at: path)
    return .written
  }

  /// What this workspace wrote last, by path.
  private func lastCollected() -> [String: Digest] {
    guard let data = FileManager.default.contents(atPath: "\(layout.state)/\(Self.record)") else {
      return [:]
    }
    // An unreadable record says nothing; then a file counts as never collected, and is kept.
    return (try? JSONDecoder().decode([String: Digest].self, from: data)) ?? [:]
  }

  private func remember(_ digest: Digest, at path: String) throws {
    var known = lastCollected()
    guard known[path] != digest else { return }
    known[path] = digest
    try PrivateFolder(layout.state)
      .writeOnce(Self.record, Array(try JSONEncoder().encode(known)))
  }
}

extension CollectOutcome: CustomStringConvertible {
  /// In one sentence.
  package var description: String {
    switch standing {
    case .written: "\(path) has \(rows) rows"
    case .unchanged: "\(path) has its \(rows) rows already"
    case .leftAlone:
      "\(path) was changed by hand and is left alone; footplate export results --force "
        + "overwrites it and keeps the old form"
    }
  }
}

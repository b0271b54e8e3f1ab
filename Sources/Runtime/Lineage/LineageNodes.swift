// Nodes of a lineage from what the store knows: their products and sources, and how those stand now.

import BatchDefinition
import BatchModel
import BatchStore
import DurableFiles

/// Makes nodes, and finds what made their sources.
struct LineageNodes {
  /// Receipts of one item that are looked at.
  private static let receiptsMax = 200

  private let store: any StoreReading
  private let objects: ObjectStore
  private var globs: [GlobPattern]?
  /// By digest; `nil` for one whose object is lost.
  private var lists: [Digest: FileList?] = [:]
  private(set) var disk: DiskLook
  /// By item, newest first.
  private var known: [String: [Making]] = [:]

  init(store: any StoreReading, objects: ObjectStore, files: any InputFiles) {
    self.store = store
    self.objects = objects
    disk = DiskLook(files: files)
  }

  /// The globs that match so many files that receipts name them by a list.
  mutating func longGlobs() throws -> [GlobPattern] {
    if let globs { return globs }
    var found: [GlobPattern] = []
    try store.forEachListings { listings in
      for listing in listings where listing.isLong { found.append(try GlobPattern(listing.glob)) }
    }
    globs = found
    return found
  }

  /// The content of the path that a receipt's key covers; `nil` when it covers none.
  mutating func form(of path: String, in making: Making) -> Digest? {
    let key = making.receipt.key
    if let named = key.components.first(where: { $0.source.path == path }) { return named.digest }
    for (_, digest) in key.lists {
      if let found = list(digest)?.files[path] { return found }
    }
    return nil
  }

  private mutating func list(_ digest: Digest) -> FileList? {
    if let known = lists[digest] { return known }
    // A list that is gone is told by its digest alone.
    let found = (try? objects.bytes(of: digest)).flatMap { FileList($0) }
    lists[digest] = found
    return found
  }

  mutating func node(_ making: Making) throws -> LineageGraph.Node {
    let receipt = making.receipt
    let newest = try makings(like: receipt).first { $0.receipt.step == receipt.step }
    let products = receipt.artifacts.map { artifact in
      LineageGraph.File(
        path: artifact.path, digest: artifact.object.digest, sizeBytes: artifact.object.sizeBytes,
        standing: disk.standing(of: artifact.path, as: artifact.object.digest))
    }
    return LineageGraph.Node(
      maker: .step(making), products: products, sources: sources(of: receipt),
      isNewest: newest.map { $0.sequence <= making.sequence } ?? true)
  }

  mutating func node(_ telling: Telling) throws -> LineageGraph.Node {
    let told = telling.artifact
    let newest = try store.tellings(of: told.path, limit: 1).first
    let file = LineageGraph.File(
      path: told.path, digest: told.digest, sizeBytes: told.sizeBytes,
      standing: disk.standing(of: told.path, as: told.digest))
    var sources = told.from.map { path in
      LineageGraph.Source(
        kind: .told, name: path, path: path, standing: disk.standing(of: path, as: nil))
    }
    if let attempt = told.attempt {
      sources.append(
        LineageGraph.Source(
          kind: .attempt, name: "\(attempt)", standing: .unknown,
          madeBy: try store.making(by: AttemptID(attempt))?.sequence))
    }
    return LineageGraph.Node(
      maker: .hook(telling), products: [file], sources: sources,
      isNewest: newest.map { $0.sequence <= telling.sequence } ?? true)
  }

  private mutating func sources(of receipt: Receipt) -> [LineageGraph.Source] {
    var sources: [LineageGraph.Source] = []
    for component in receipt.key.components {
      let source = component.source
      let kind: LineageGraph.Source.Kind
      switch source {
      case .file: kind = component.half == .input ? .file : .recipe
      case .upstream: kind = .after
      case .list: kind = .list
      case .step: kind = .step
      case .commit: kind = .commit
      case .value: continue
      }
      var name = source.path ?? component.name
      if case .step(let id) = source { name = id }
      if case .list(let glob) = source { name = glob }
      if case .commit(let step) = source { name = step }
      sources.append(
        LineageGraph.Source(
          kind: kind, name: name, path: source.path, digest: component.digest,
          standing: source.path.map { disk.standing(of: $0, as: component.digest) } ?? .unknown))
    }
    // A row of a table has no file of its own: what the source said of the item is all there is.
    if !sources.contains(where: { [.file, .list, .step].contains($0.kind) }),
      let payload = receipt.key.components.first(where: { $0.name == "payload" })
    {
      sources.append(
        LineageGraph.Source(
          kind: .payload, name: receipt.itemKey, digest: payload.digest, standing: .unknown))
    }
    return sources
  }

  // MARK: Neighbours

  /// What had made a source of a node; `nil` when nobody here did.
  mutating func maker(
    of source: LineageGraph.Source, before node: LineageGraph.Node
  ) throws -> LineageGraph.Node? {
    switch source.kind {
    case .payload, .list: return nil
    case .file, .recipe, .after, .told:
      guard let path = source.path else { return nil }
      return try maker(of: path, source.digest, before: node)
    case .step, .commit:
      guard case .step(let making) = node.maker else { return nil }
      let earlier = try makings(like: making.receipt).first { candidate in
        candidate.sequence < making.sequence && candidate.receipt.step == source.name
          && candidate.receipt.left(source)
      }
      return try earlier.map { try self.node($0) }
    case .attempt:
      guard let attempt = Int64(source.name) else { return nil }
      return try store.making(by: AttemptID(attempt)).map { try self.node($0) }
    }
  }

  /// The newest one before the node that left these bytes at the path; where the bytes are not known,
  /// the newest one.
  private mutating func maker(
    of path: String, _ digest: Digest?, before node: LineageGraph.Node
  ) throws -> LineageGraph.Node? {
    let made = try store.makings(of: path, limit: 50).first { making in
      making.sequence < node.sequence
        && making.receipt.artifacts.contains {
          $0.path == path && (digest == nil || $0.object.digest == digest)
        }
    }
    // A hook may tell of a file after somebody has read it.
    let told = try store.tellings(of: path, limit: 50).first { telling in
      telling.sequence != node.sequence && (digest == nil || telling.artifact.digest == digest)
    }
    if let made, told.map({ $0.sequence < made.sequence }) ?? true { return try self.node(made) }
    // The bytes that a step published are the step's, whoever tells of them afterwards.
    if let made, digest != nil { return try self.node(made) }
    return try told.map { try self.node($0) }
  }

  /// The steps of the same item that worked on what the node's step left.
  mutating func uses(ofCandidateOf node: LineageGraph.Node?) throws -> [Making] {
    guard case .step(let making) = node?.maker else { return [] }
    return try makings(like: making.receipt).filter { later in
      later.sequence > making.sequence
        && later.receipt.key.components.contains { component in
          component.source == .step(making.receipt.step)
            && component.digest == making.receipt.candidate?.digest
        }
    }
  }

  /// The receipts of the same item, newest first.
  private mutating func makings(like receipt: Receipt) throws -> [Making] {
    let item = "\(receipt.occurrence)\n\(receipt.itemKey)"
    if let found = known[item] { return found }
    let found = try store.makings(
      ofItem: receipt.itemKey, occurrence: receipt.occurrence, limit: Self.receiptsMax)
    known[item] = found
    return found
  }
}

extension Receipt {
  /// Whether its step left what the source says.
  fileprivate func left(_ source: LineageGraph.Source) -> Bool {
    switch source.kind {
    case .step: candidate?.digest == source.digest
    case .commit: commit.map { Digest(of: $0) } == source.digest
    case .file, .recipe, .list, .after, .payload, .told, .attempt: false
    }
  }
}

// A lineage as a tree of lines: what made the file, its sources beneath, and theirs beneath those.

import BatchModel
import Dashboard
import Resilience
import Runtime

enum LineageText {
  static func lines(_ graph: LineageGraph, showsUp: Bool, showsDown: Bool) -> [String] {
    var tree = LineageTree(graph)
    tree.addSubject()
    if showsUp { tree.addOrigins() }
    if showsDown { tree.addUses() }
    if graph.isCut {
      tree.lines.append("and more: --depth and --limit show it; --json says what is there")
    }
    return tree.lines
  }
}

/// The lines so far; each node is told once, and later only named.
private struct LineageTree {
  /// Sources of one attempt that are listed; a glob may name thousands.
  private static let sourcesMax = 20
  /// Deeper levels are not indented further.
  private static let indentMax = 40

  private let graph: LineageGraph
  private var told: Set<Int64> = []
  var lines: [String] = []

  init(_ graph: LineageGraph) { self.graph = graph }

  mutating func addSubject() {
    let present = graph.present.map { "  \(Self.short($0))" } ?? ""
    let isContent = graph.subject.hasPrefix("sha256:")
    lines.append(graph.subject + (isContent ? "" : graph.present == nil ? "  (gone)" : present))
    guard let newest = graph.generations.first.flatMap({ graph.nodes[$0] }),
      let product = newest.products.first(where: { $0.path == graph.subject })
    else { return }
    if product.standing == .changed {
      let form = product.digest.map { " \(Self.short($0))" } ?? ""
      lines.append("  changed since it was made: it was\(form)")
    }
  }

  mutating func addOrigins() {
    guard let newest = graph.generations.first else {
      lines.append("  a source: no step published it")
      return
    }
    addMaker(newest, depth: 1)
    for older in graph.generations.dropFirst() {
      guard let node = graph.nodes[older] else { continue }
      let product = node.products.first { $0.path == graph.subject }?.digest
      lines.append("  earlier: \(product.map { Self.short($0) + " " } ?? "")\(Self.sentence(node))")
    }
  }

  mutating func addUses() {
    guard !graph.uses.isEmpty else {
      lines.append("  nothing was made from it")
      return
    }
    lines.append("made from it:")
    told = []
    for use in graph.uses { addUse(use, of: graph.subject, depth: 1) }
  }

  private mutating func addMaker(_ id: Int64, depth: Int) {
    guard let node = graph.nodes[id] else { return }
    guard told.insert(id).inserted else {
      return add(depth, "\(Self.sentence(node)) (told above)")
    }
    add(depth, Self.sentence(node))
    // Files first: what made an earlier step of the item goes deep.
    for source in node.sources.prefix(Self.sourcesMax) {
      add(depth + 1, "from \(Self.text(of: source))")
      if let maker = source.madeBy { addMaker(maker, depth: depth + 2) }
    }
    let left = node.sources.count - Self.sourcesMax
    if left > 0 { add(depth + 1, "and from \(Wording.count(left)) more: --json lists them all") }
  }

  private mutating func addUse(_ id: Int64, of path: String, depth: Int) {
    guard let node = graph.nodes[id] else { return }
    guard told.insert(id).inserted else {
      return add(depth, "\(Self.sentence(node)) (told above)")
    }
    let used = node.sources.first { $0.path == path }
    let isOld = used.map { $0.standing == .changed } ?? false
    let note =
      node.isNewest ? (isOld ? " (from an older form of it)" : "") : " (replaced since)"
    for product in node.products {
      add(depth, Self.text(of: product))
    }
    add(node.products.isEmpty ? depth : depth + 1, Self.sentence(node) + note)
    let next = node.products.first?.path ?? path
    for use in node.uses { addUse(use, of: next, depth: depth + 1) }
  }

  private mutating func add(_ depth: Int, _ text: String) {
    lines.append(String(repeating: "  ", count: min(depth, Self.indentMax)) + text)
  }

  // MARK: Words

  private static func short(_ digest: Digest) -> String { String(digest.hex.prefix(12)) }

  /// `write of a, attempt 3, claude-sonnet-4-5 $0.0123, 23:50:11, run-…`.
  private static func sentence(_ node: LineageGraph.Node) -> String {
    switch node.maker {
    case .step(let making):
      let receipt = making.receipt
      var words = ["\(receipt.step) of \(receipt.itemKey)", "attempt \(receipt.attempt)"]
      if receipt.occurrence > 1 { words[0] += " (\(receipt.occurrence))" }
      let answer = [receipt.model, receipt.cost?.dollars].compactMap { $0 }
      if !answer.isEmpty { words.append(answer.joined(separator: " ")) }
      words += [node.at.rfc3339, receipt.run.text, "ran: \(making.why)"]
      if let acceptance = receipt.acceptance { words.append("accepted by \(acceptance.by)") }
      return "made by " + words.joined(separator: ", ")
    case .hook(let telling):
      let artifact = telling.artifact
      let reason = artifact.reason.isEmpty ? "" : ": \(artifact.reason)"
      let item = artifact.itemKey.map { " of \($0)" } ?? ""
      return "\(artifact.action.rawValue) as \(artifact.source)\(item) told, "
        + "\(node.at.rfc3339), \(telling.run)\(reason)"
    }
  }

  private static func text(of source: LineageGraph.Source) -> String {
    var text = source.name
    switch source.kind {
    case .file, .told: break
    case .recipe: text += ", its recipe"
    case .list: text = "the files of \(source.name)"
    case .after: text += ", which it comes after"
    case .step: text = "what \(source.name) left"
    case .commit: text = "the commit of \(source.name)"
    case .payload: text = "what the source says of \(source.name)"
    case .attempt: text = "attempt \(source.name), in which the hook ran"
    }
    if let digest = source.digest { text += "  \(short(digest))" }
    return text + note(source.standing)
  }

  private static func text(of file: LineageGraph.File) -> String {
    let digest = file.digest.map { "  \(short($0))" } ?? ""
    return file.path + digest + note(file.standing)
  }

  private static func note(_ standing: LineageGraph.FileStanding) -> String {
    switch standing {
    case .same, .unknown: ""
    case .changed: " (changed since)"
    case .missing: " (gone)"
    }
  }
}

// The walk from a file to what made it, and to what was made from it, over the store's receipts.

import BatchDefinition
import BatchModel
package import BatchStore
import DurableFiles

/// Walks the graph, never further than its limits.
///
/// *Cost*: some indexed look-ups for each node; the store is read in short transactions, so the
/// graph of a run that goes on may miss what was made meanwhile.
package struct LineageWalk {
  package enum Direction: Sendable { case up, down, both }

  package struct Limits: Sendable {
    /// Nodes in each direction.
    package var nodes: Int
    package var depth: Int
    package init(nodes: Int = 200, depth: Int = 20) {
      self.nodes = nodes
      self.depth = depth
    }
  }

  /// Older forms of one file that are looked at.
  private static let generationsMax = 50

  private let store: any StoreReading
  private let limits: Limits
  private var nodes: LineageNodes

  package init(layout: WorkspaceLayout, store: any StoreReading, limits: Limits = Limits()) {
    self.store = store
    self.limits = limits
    nodes = LineageNodes(
      store: store,
      objects: ObjectStore(readingAt: layout.objects),
      files: WorkspaceFiles(root: layout.root, store: store, renderer: TemplateRenderer()))
  }

  /// - Throws: `LineageError`, `StoreError`.
  package mutating func graph(
    of target: LineageTarget, _ direction: Direction
  ) throws -> LineageGraph {
    switch target {
    case .path(let path): try graph(ofPath: path, direction)
    case .content(let digest): try graph(ofContent: digest, direction)
    }
  }

  private mutating func graph(
    ofPath path: String, _ direction: Direction
  ) throws -> LineageGraph {
    let present = nodes.disk.digest(of: path)
    var graph = LineageGraph(subject: path, present: present)
    let made = try store.makings(of: path, limit: Self.generationsMax)
    let told = try store.tellings(of: path, limit: Self.generationsMax)
    let used = try uses(of: path)
    let usedByHooks = try store.tellings(from: path, limit: limits.nodes + 1)
    guard !(made.isEmpty && told.isEmpty && used.isEmpty && usedByHooks.isEmpty) else {
      throw try unknown(path, present)
    }
    graph.generations = try begin(made, told, in: &graph)
    if direction != .down { try climb(from: graph.generations, in: &graph) }
    if direction != .up {
      graph.uses = try add(used, usedByHooks, to: &graph)
      for id in graph.generations {
        let inItem = try nodes.uses(ofCandidateOf: graph.nodes[id])
        graph.uses = merge(graph.uses, try add(inItem, [], to: &graph))
      }
      try descend(from: graph.uses, in: &graph)
    }
    return graph
  }

  private mutating func graph(
    ofContent digest: Digest, _ direction: Direction
  ) throws -> LineageGraph {
    var graph = LineageGraph(subject: digest.description, present: nil)
    let made = try store.makings(of: digest, limit: Self.generationsMax)
    guard !made.isEmpty else { throw LineageError.unknownContent(digest) }
    graph.generations = try begin(made, [], in: &graph)
    if direction != .down { try climb(from: graph.generations, in: &graph) }
    if direction != .up {
      for id in graph.generations {
        guard let node = graph.nodes[id] else { continue }
        graph.uses = merge(graph.uses, try uses(of: node, in: &graph))
      }
      try descend(from: graph.uses, in: &graph)
    }
    return graph
  }

  private func unknown(_ path: String, _ present: Digest?) throws -> LineageError {
    if let newest = try store.runs(limit: 1).first,
      try store.batch(of: newest.run)?.collect?.path == path
    {
      return .collected(path)
    }
    guard let present else {
      return nodes.disk.isNoFile(path) ? .noFile(path) : .unknown(path, published: [])
    }
    let paths = try store.makings(of: present, limit: 5).flatMap { making in
      making.receipt.artifacts.filter { $0.object.digest == present }.map(\.path)
    }
    return .unknown(path, published: Array(Set(paths)).sorted())
  }

  private mutating func begin(
    _ made: [Making], _ told: [Telling], in graph: inout LineageGraph
  ) throws -> [Int64] {
    for making in made { graph.nodes[making.sequence] = try nodes.node(making) }
    for telling in told { graph.nodes[telling.sequence] = try nodes.node(telling) }
    return (made.map(\.sequence) + told.map(\.sequence)).sorted(by: >)
  }

  // MARK: Up

  /// Adds what made the sources of the nodes, level by level.
  private mutating func climb(from start: [Int64], in graph: inout LineageGraph) throws {
    var level = start
    var depth = 0
    let most = graph.nodes.count + limits.nodes
    while !level.isEmpty {
      var next: [Int64] = []
      for id in level {
        guard var node = graph.nodes[id] else { continue }
        for index in node.sources.indices {
          guard let maker = try nodes.maker(of: node.sources[index], before: node) else { continue }
          node.sources[index].madeBy = maker.sequence
          guard graph.nodes[maker.sequence] == nil else { continue }
          guard graph.nodes.count < most, depth < limits.depth else {
            graph.isCut = true
            node.sources[index].madeBy = nil
            continue
          }
          graph.nodes[maker.sequence] = maker
          next.append(maker.sequence)
        }
        graph.nodes[id] = node
      }
      level = next
      depth += 1
    }
  }

  // MARK: Down

  /// Adds what was made from the products of the nodes, level by level.
  private mutating func descend(from start: [Int64], in graph: inout LineageGraph) throws {
    var level = start
    var walked: Set<Int64> = []
    var depth = 1
    while !level.isEmpty {
      var next: [Int64] = []
      for id in level where walked.insert(id).inserted {
        guard let node = graph.nodes[id] else { continue }
        guard depth < limits.depth else {
          graph.isCut = true
          continue
        }
        let found = try uses(of: node, in: &graph)
        graph.nodes[id]?.uses = found
        next += found
      }
      level = next
      depth += 1
    }
  }

  private mutating func uses(
    of node: LineageGraph.Node, in graph: inout LineageGraph
  ) throws -> [Int64] {
    var found: [Int64] = []
    for product in node.products {
      let used = try uses(of: product.path).filter { making in
        nodes.form(of: product.path, in: making) == product.digest
      }
      let told = try store.tellings(from: product.path, limit: limits.nodes + 1)
      found = merge(found, try add(used, told, to: &graph))
    }
    return merge(found, try add(nodes.uses(ofCandidateOf: node), [], to: &graph))
      .filter { $0 != node.sequence }
  }

  /// The receipts whose keys cover the path, by itself or in a list.
  private mutating func uses(of path: String) throws -> [Making] {
    var found = try store.uses(of: path, limit: limits.nodes + 1)
    for glob in try nodes.longGlobs() where glob.matchesPath(path) {
      found += try store.uses(ofGlob: glob.text, limit: limits.nodes + 1).filter { making in
        nodes.form(of: path, in: making) != nil
      }
    }
    return found
  }

  /// Adds nodes within the limit; of an item's step only the newest one of these.
  private mutating func add(
    _ made: [Making], _ told: [Telling], to graph: inout LineageGraph
  ) throws -> [Int64] {
    var found: [Int64] = []
    var seen: Set<String> = []
    for making in made.sorted(by: { $0.sequence > $1.sequence })
    where seen.insert(making.place).inserted {
      guard try add(making.sequence, to: &graph, { try $0.node(making) }) else { break }
      found.append(making.sequence)
    }
    for telling in told where seen.insert(telling.artifact.path).inserted {
      guard try add(telling.sequence, to: &graph, { try $0.node(telling) }) else { break }
      found.append(telling.sequence)
    }
    return found.sorted(by: >)
  }

  private mutating func add(
    _ id: Int64, to graph: inout LineageGraph,
    _ node: (inout LineageNodes) throws -> LineageGraph.Node
  ) throws -> Bool {
    guard graph.nodes[id] == nil else { return true }
    guard graph.nodes.count < limits.nodes else {
      graph.isCut = true
      return false
    }
    graph.nodes[id] = try node(&nodes)
    return true
  }

  private func merge(_ some: [Int64], _ more: [Int64]) -> [Int64] {
    Array(Set(some + more)).sorted(by: >)
  }
}

extension Making {
  /// The item and step, as one word.
  fileprivate var place: String { "\(receipt.step)\n\(receipt.occurrence)\n\(receipt.itemKey)" }
}

// Kahn's algorithm over integers: which items could never start, because they wait in a circle.

/// Items that come after others, by index.
///
/// Items without dependencies need no node.
struct DependencyGraph {
  /// The item of each node.
  private(set) var items: [Int64] = []
  private var nodeOf: [Int64: Int] = [:]
  /// Each node's dependencies: items, which may have a node or not.
  private(set) var needs: [[Int64]] = []

  mutating func add(_ item: Int64, needs dependencies: [Int64]) {
    nodeOf[item] = items.count
    items.append(item)
    needs.append(dependencies)
  }

  /// The circles, each as its items in the order of need, the first one not repeated.
  ///
  /// O(edges).
  ///
  /// Every node that is left after peeling needs another one that is left, so following those leads
  /// into a circle.
  func cycles() -> [[Int64]] {
    var open = stuck()
    var cycles: [[Int64]] = []
    for start in items.indices where open[start] {
      var path: [Int] = []
      var place: [Int: Int] = [:]
      var node = start
      while place[node] == nil {
        place[node] = path.count
        path.append(node)
        // What is left needs only what leads into a circle that is known already.
        guard let next = needs[node].compactMap({ nodeOf[$0] }).first(where: { open[$0] }) else {
          place = [:]
          break
        }
        node = next
      }
      if let begin = place[node] { cycles.append(path[begin...].map { items[$0] }) }
      for visited in path { open[visited] = false }
    }
    return cycles
  }

  /// Whether each node still needs one that is stuck, after all that can be done is done.
  private func stuck() -> [Bool] {
    var dependants = [[Int]](repeating: [], count: items.count)
    var unmet = [Int](repeating: 0, count: items.count)
    for (node, dependencies) in needs.enumerated() {
      for dependency in dependencies {
        guard let needed = nodeOf[dependency] else { continue }
        dependants[needed].append(node)
        unmet[node] += 1
      }
    }
    var ready = items.indices.filter { unmet[$0] == 0 }
    while let node = ready.popLast() {
      for dependant in dependants[node] {
        unmet[dependant] -= 1
        if unmet[dependant] == 0 { ready.append(dependant) }
      }
    }
    return unmet.map { $0 > 0 }
  }
}

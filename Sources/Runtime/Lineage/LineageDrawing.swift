// The graph in the language of Graphviz: https://graphviz.org/doc/info/lang.html

import BatchModel

/// Draws a lineage: files are boxes, what made them ellipses, arrows go the way the bytes went.
///
/// Names stand in labels only, where nothing in them is more than text: nodes are numbered.
package struct LineageDrawing {
  private var lines: [String] = []
  private var numbers: [String: Int] = [:]

  /// The text of a `.dot` file.
  package static func text(of graph: LineageGraph) -> String {
    var drawing = LineageDrawing()
    for node in graph.nodes.values.sorted(by: { $0.sequence < $1.sequence }) {
      drawing.draw(node)
    }
    let body = drawing.lines.map { "  \($0)\n" }.joined()
    return "digraph lineage {\n  rankdir=LR;\n  label=\(quoted(graph.subject));\n"
      + "  node [shape=box];\n\(body)}\n"
  }

  private mutating func draw(_ node: LineageGraph.Node) {
    let maker = "m\(node.sequence)"
    let style = node.isNewest ? "" : ", style=dashed"
    lines.append("\(maker) [shape=ellipse\(style), label=\(Self.quoted(Self.label(node)))];")
    for source in node.sources {
      let from: String
      switch source.kind {
      case .step, .commit, .attempt:
        // What made it is drawn itself: the bytes went straight from one to the other.
        from = source.madeBy.map { "m\($0)" } ?? box(of: source)
      case .file, .recipe, .list, .after, .payload, .told: from = box(of: source)
      }
      lines.append("\(from) -> \(maker);")
    }
    for product in node.products {
      lines.append("\(maker) -> \(box(product.path, product.digest));")
    }
  }

  private mutating func box(of source: LineageGraph.Source) -> String {
    box(source.path ?? "\(source.kind.rawValue) \(source.name)", source.digest)
  }

  /// The box of a file in one of its forms; the first time, it is drawn.
  private mutating func box(_ name: String, _ digest: Digest?) -> String {
    let identity = "\(name)\n\(digest?.hex ?? "")"
    if let known = numbers[identity] { return "f\(known)" }
    let number = numbers.count + 1
    numbers[identity] = number
    let label = digest.map { "\(name)\n\($0.hex.prefix(8))" } ?? name
    lines.append("f\(number) [label=\(Self.quoted(label))];")
    return "f\(number)"
  }

  private static func label(_ node: LineageGraph.Node) -> String {
    switch node.maker {
    case .step(let making):
      let receipt = making.receipt
      let answer = [receipt.model, receipt.cost?.dollars].compactMap { $0 }.joined(separator: " ")
      let words = [receipt.step, receipt.itemKey, "attempt \(receipt.attempt.number)", answer]
      return words.filter { !$0.isEmpty }.joined(separator: "\n")
    case .hook(let telling):
      return "\(telling.artifact.action.rawValue)\n\(telling.artifact.source)"
    }
  }

  /// A quoted string: `"` and `\` are escaped, and `&`, which would begin an entity; line breaks are
  /// those of the label; other control characters become their hexadecimal number.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "&": result += "&amp;"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        result += "\\\\x" + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

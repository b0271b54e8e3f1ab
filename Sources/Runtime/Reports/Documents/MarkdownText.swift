// A report as Markdown (GitHub's form, for its tables).

extension ReportDocument {
  /// The document; names and messages in it are text and nothing else.
  package var markdown: String {
    (["# \(Self.escaped(title))"] + blocks.map(Self.markdown)).joined(separator: "\n\n") + "\n"
  }

  private static func markdown(of block: Block) -> String {
    switch block {
    case .heading(let text): "## \(escaped(text))"
    case .sentence(let text): escaped(text)
    case .table(let table): markdown(of: table)
    case .chart(let chart): "```\n\(Sparkline.lines(of: chart).joined(separator: "\n"))\n```"
    }
  }

  private static func markdown(of table: Table) -> String {
    let rules = table.columns.indices.map { $0 == 0 ? "---" : "---:" }
    return ([table.columns.map(escaped), rules] + table.rows.map { $0.map(escaped) })
      .map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  private static func escaped(_ text: String) -> String {
    var safe = ""
    for character in text.inOneLine {
      if "\\`*_{}[]<>#|~&".contains(character) { safe.append("\\") }
      safe.append(character)
    }
    return safe
  }
}

/// A chart in lines of text.
enum Sparkline {
  private static let levels = Array("▁▂▃▄▅▆▇█")

  static func lines(of chart: ReportDocument.Chart) -> [String] {
    let width = chart.series.map(\.name.count).max() ?? 0
    let lines = chart.series.map { series in
      padded(series.name, to: width) + "  " + bars(series.values) + "  " + series.sum
    }
    let count = chart.series.first?.values.count ?? 0
    let gap = max(1, count - chart.from.count - chart.to.count)
    let axis = chart.from + String(repeating: " ", count: gap) + chart.to
    return lines + [padded("", to: width) + "  " + axis]
  }

  /// An interval without anything is blank, so that a pause is seen.
  private static func bars(_ values: [Double]) -> String {
    let most = values.max() ?? 0
    return String(
      values.map { value -> Character in
        guard value > 0, most > 0 else { return " " }
        return levels[min(levels.count - 1, Int(value / most * Double(levels.count)))]
      })
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

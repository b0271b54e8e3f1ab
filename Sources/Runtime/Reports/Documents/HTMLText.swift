// A report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere.

extension ReportDocument {
  /// The page; names and messages in it are text and nothing else.
  package var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Self.escaped(title))</title>
    <style>\(Self.style)</style>
    </head>
    <body>
    <h1>\(Self.escaped(title))</h1>
    \(blocks.map(Self.html).joined(separator: "\n"))
    </body>
    </html>

    """
  }

  private static let style = """
    :root { color-scheme: light dark; }
    body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
    table { border-collapse: collapse; margin: .5rem 0 1.5rem; }
    th, td { padding: .25rem .9rem .25rem 0; text-align: right; vertical-align: top; }
    th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere; }
    th { border-bottom: 1px solid; font-weight: 600; }
    figure { margin: .5rem 0 1.5rem; }
    svg { width: 100%; height: 4rem; display: block; }
    rect { fill: #2f7d8c; }
    .failed rect { fill: #c2503c; }
    .axis { display: flex; justify-content: space-between; opacity: .7; }
    """

  private static func html(of block: Block) -> String {
    switch block {
    case .heading(let text): "<h2>\(escaped(text))</h2>"
    case .sentence(let text): "<p>\(escaped(text))</p>"
    case .table(let table): html(of: table)
    case .chart(let chart): html(of: chart)
    }
  }

  private static func html(of table: Table) -> String {
    let head = table.columns.map { "<th>\(escaped($0))</th>" }.joined()
    let rows = table.rows.map { row in
      "<tr>\(row.map { "<td>\(escaped($0))</td>" }.joined())</tr>"
    }
    return "<table>\n<tr>\(head)</tr>\n\(rows.joined(separator: "\n"))\n</table>"
  }

  private static func html(of chart: Chart) -> String {
    let charts = chart.series.map { series in
      let most = series.values.max() ?? 0
      let bars = series.values.enumerated().map { place, value in
        let height = most > 0 ? Int((value / most * 100).rounded(.up)) : 0
        return "<rect x=\"\(place)\" y=\"\(100 - height)\" width=\"0.9\" height=\"\(height)\"/>"
      }
      let name = escaped("\(series.name): \(series.sum)")
      return """
        <figure class="\(escaped(series.name))"><figcaption>\(name)</figcaption>
        <svg viewBox="0 0 \(series.values.count) 100" preserveAspectRatio="none" role="img" \
        aria-label="\(name)">\(bars.joined())</svg></figure>
        """
    }
    let axis = "<span>\(escaped(chart.from))</span><span>\(escaped(chart.to))</span>"
    return charts.joined(separator: "\n") + "\n<div class=\"axis\">\(axis)</div>"
  }

  private static func escaped(_ text: String) -> String {
    text.inOneLine.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }
}

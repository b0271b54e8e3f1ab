// The lines of a collected file: one row an item, as JSON Lines or as RFC 4180 has it.

package import BatchModel

/// Renders a collection's lines.
package struct CollectRow: Sendable {
  private let collect: Collect
  private let renderer: TemplateRenderer
  private var isCSV: Bool { collect.path.hasSuffix(".csv") }

  package init(_ collect: Collect, renderer: TemplateRenderer) {
    self.collect = collect
    self.renderer = renderer
  }

  /// The line before the rows, with its end; `nil` for JSON Lines.
  package var header: String? {
    isCSV ? Self.csvLine(collect.columns.map(\.name)) : nil
  }

  /// The row of a finished item, with its line's end.
  ///
  /// A column that is nothing but one variable keeps its value's type.
  ///
  /// - Throws: When a value is missing or cannot be read; it concerns this item alone.
  package func line(for values: TemplateValues) throws(TemplateError) -> String {
    var row: [JSONValue] = []
    for column in collect.columns {
      row.append(try renderer.value(of: column.value, with: values))
    }
    return line(of: row)
  }

  /// The row of a failed item: columns whose value is known, and nulls; `nil` where failed items
  /// are omitted.
  package func lineForFailed(_ values: TemplateValues) -> String? {
    guard collect.failed == .null else { return nil }
    return line(
      of: collect.columns.map { column in
        // What a failed item does not have is what null stands for.
        (try? renderer.value(of: column.value, with: values)) ?? .null
      })
  }

  private func line(of row: [JSONValue]) -> String {
    guard !isCSV else { return Self.csvLine(row.map(\.rendered)) }
    let members = zip(collect.columns, row).map { column, value in
      JSONValue.string(column.name).canonical + ":" + value.canonical
    }
    return "{" + members.joined(separator: ",") + "}\n"
  }

  /// Lines end with CRLF (RFC 4180, section 2.1).
  private static func csvLine(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\r\n"
  }

  private static func quoted(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { byte in
      byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") || byte == 10 || byte == 13
    }
    guard needsQuotes else { return field }
    return "\""
      + field.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

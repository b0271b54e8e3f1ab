// A report as a document: what it says, before it is Markdown or HTML.

/// A document of headings, sentences, tables and charts.
///
/// Its texts may be hostile: who renders it makes them harmless.
package struct ReportDocument: Hashable, Sendable {
  package enum Block: Hashable, Sendable {
    case heading(String)
    case sentence(String)
    case table(Table)
    case chart(Chart)
  }

  package struct Table: Hashable, Sendable {
    package var columns: [String]
    package var rows: [[String]]
    /// The first column is text; the others are figures and stand at the right.
    package init(_ columns: [String], _ rows: [[String]]) {
      self.columns = columns
      self.rows = rows
    }
  }

  /// Figures over time, in intervals of equal length.
  package struct Chart: Hashable, Sendable {
    package struct Series: Hashable, Sendable {
      package var name: String
      /// Never negative; as many in each series.
      package var values: [Double]
      /// What they come to, for a person.
      package var sum: String
      package init(name: String, values: [Double], sum: String) {
        self.name = name
        self.values = values
        self.sum = sum
      }
    }
    package var from: String
    package var to: String
    package var series: [Series]
    package init(from: String, to: String, series: [Series]) {
      self.from = from
      self.to = to
      self.series = series
    }
  }

  package var title: String
  package var blocks: [Block]
  package init(title: String, blocks: [Block]) {
    self.title = title
    self.blocks = blocks
  }
}

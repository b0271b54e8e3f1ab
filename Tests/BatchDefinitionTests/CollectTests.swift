// The lines of a collected file.

import BatchModel
import Testing

@testable import BatchDefinition

@Suite("Collected rows")
struct CollectTests {
  private func row(_ path: String, failed: Collect.Failed = .omit) throws -> CollectRow {
    let columns = [
      ("z", "{{key}}"), ("label", "{{write.json.label}}"), ("both", "{{key}}: {{write.json.n}}"),
    ]
    return CollectRow(
      Collect(
        path: path, order: .source,
        columns: try columns.map { .init(name: $0.0, value: try Template(parsing: $0.1)) },
        failed: failed), renderer: TemplateRenderer())
  }

  private let finished = values(
    [:], fixed: ["key": .string("a,\"b\"\n")],
    steps: ["write": .init(candidate: "o", artifact: nil)],
    files: ["o": #"{"label": [1, null], "n": 2.5}"#])
  private let failed = values([:], fixed: ["key": .string("k")])

  @Test("JSON Lines keep the columns' order and the values' types")
  func jsonl() throws {
    let row = try row("a.jsonl", failed: .null)
    #expect(row.header == nil)
    #expect(
      try row.line(for: finished)
        == #"{"z":"a,\"b\"\n","label":[1,null],"both":"a,\"b\"\n: 2.5"}"# + "\n")
    #expect(row.lineForFailed(failed) == #"{"z":"k","label":null,"both":null}"# + "\n")
  }

  @Test("CSV has a header and quotes what needs it")
  func csv() throws {
    let row = try row("a.csv")
    #expect(row.header == "z,label,both\r\n")
    #expect(
      try row.line(for: finished) == "\"a,\"\"b\"\"\n\",\"[1,null]\",\"a,\"\"b\"\"\n: 2.5\"\r\n")
    #expect(row.lineForFailed(failed) == nil)
    #expect(throws: TemplateError.self) { try row.line(for: failed) }
  }
}

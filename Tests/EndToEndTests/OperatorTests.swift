// What an operator asks a run afterwards: tables, metrics, a page, and a comparison.

import Foundation
import Testing

@Suite(.turn) struct OperatorTests {
  /// Three items, one of them hostile; `fixed` mends what fails.
  private static func batch() async throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.write("alpha\n<script>x</script>|`y`\n=cmd|z\n", to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps: [{id: one, run: 'test -e fixed || test {{line}} = alpha'}]
      retry: {attempts: 1}
      """)
    try await batch.run(exits: 1)
    return batch
  }

  @Test("Items, attempts and receipts are tables too, without formulas and control characters")
  func tables() async throws {
    let batch = try await Self.batch()
    let items = try await batch.footplate("export", "items", "--csv").lines
    #expect(items.first?.hasPrefix("ordinal,key,occurrence,state,step,") == true)
    #expect(items.count == 4)
    #expect(items.contains { $0.hasPrefix("3,'=cmd|z,1,failed,one,1,") }, "\(items)")
    let attempts = try await batch.footplate("export", "attempts", "--csv").lines
    #expect(attempts.count == 4)
    #expect(try await batch.footplate("export", "receipts", "--csv").lines.count == 2)
    let both = try await batch.footplate("export", "items", "--csv", "--jsonl")
    #expect(both.status == 2, "\(both)")
  }

  @Test("Metrics are one answer for Prometheus")
  func metrics() async throws {
    let batch = try await Self.batch()
    let metrics = try await batch.footplate("status", "--prometheus")
    let failed = metrics.lines.first { $0.contains("state=\"failed\"") }
    #expect(failed?.hasSuffix("} 2") == true, "\(metrics)")
    #expect(try await batch.footplate("status", "--prometheus", "--json").status == 2)
  }

  @Test("A report tells totals, failures and time, and what is hostile in it is text")
  func report() async throws {
    let batch = try await Self.batch()
    let markdown = try await batch.footplate("report")
    #expect(markdown.status == 0, "\(markdown)")
    for part in ["# test: run-", "| failed | 2 |", "## Failures", "## Timeline", "done ", "G-01"] {
      #expect(markdown.output.contains(part), "\(part)\n\(markdown)")
    }
    #expect(!markdown.output.contains("<script>"))
    let written = try await batch.footplate("report", "--html", "-o", "\(batch.path)/r.html")
    #expect(written.status == 0, "\(written)")
    let page = batch.text("r.html")
    #expect(page.contains("&lt;script&gt;") && !page.contains("<script"))
    #expect(page.contains("<svg") && page.hasSuffix("</html>\n"))
    let nowhere = try await batch.footplate("report", "-o", "\(batch.path)/no/r.md")
    #expect(nowhere.status == 2 && nowhere.complaints.contains("cannot be written"), "\(nowhere)")
  }

  @Test("compare names the items that ended otherwise, and the failures that are gone")
  func compare() async throws {
    let batch = try await Self.batch()
    #expect(try await batch.footplate("compare").complaints.contains("there is one run"))
    try batch.write("", to: "fixed")
    try batch.write("alpha\n=cmd|z\nnew\n", to: "in.txt")
    try await batch.run("--no-resume")
    let compared = try await batch.footplate("compare")
    #expect(compared.status == 0, "\(compared)")
    for line in ["  failed → done: 1", "  failed → none: 1", "  none → done: 1"] {
      #expect(compared.lines.contains(line), "\(line)\n\(compared)")
    }
    #expect(compared.output.contains("    new  none → done"))
    #expect(compared.output.contains("2 → 0  exit 1"), "\(compared)")
    let runs = try await batch.footplate("runs").lines.compactMap { $0.split(separator: " ").first }
    let back = try await batch.footplate("compare", String(runs[0]), String(runs[1]), "--json")
    #expect(back.output.contains("\"from\" : \"done\""), "\(back)")
    #expect(try await batch.footplate("compare", String(runs[0])).status == 2)
  }
}

// The documentation's examples are compiled here, and held against the pages word for word.

import Foundation
import Resilience
import Testing

@Suite("The documentation")
struct DocumentationTests {
  @Test("shows only code that is compiled and run here")
  func examples() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let root = folder.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let compiled = try squeezed(
      String(contentsOf: folder.appendingPathComponent("Examples.swift"), encoding: .utf8))
    let catalogue = root.appendingPathComponent("Sources/Resilience/Resilience.docc")
    let pages = try FileManager.default.contentsOfDirectory(
      at: catalogue, includingPropertiesForKeys: nil)
    var examples = 0
    for page in pages where page.pathExtension == "md" {
      let text = try String(contentsOf: page, encoding: .utf8)
      let matches = text.matches(of: /(?s)```swift\n(.*?)```/)
      let isOverview = page.lastPathComponent == "Resilience.md"
      #expect(matches.isEmpty == isOverview, "\(page.lastPathComponent)")
      for match in matches {
        examples += 1
        #expect(compiled.contains(squeezed(String(match.1))), "\(page.lastPathComponent)")
      }
    }
    #expect(examples == 12)
  }

  @Test("its examples run")
  func run() async throws {
    var examples = Examples()
    examples.circuitBreaking()
    examples.healthChecks()
    examples.fallbacks()
    examples.rateLimits()
    examples.fairQueueing()
    examples.concurrencyLimits()
    examples.retries()
    examples.budgets()
    examples.loops()
    await examples.fireAndForget()
    await examples.degradation()
    examples.sharing()
    #expect(examples.failure == "")
  }

  private func squeezed(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

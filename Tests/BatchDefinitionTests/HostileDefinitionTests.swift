// Damaged definitions: whatever the text, loading ends with a batch or with mistakes at real places.

import Resilience
import Testing

@testable import BatchDefinition

@Suite("Damaged definitions")
struct HostileDefinitionTests {
  private static let pieces = [
    "\n", "  ", ": ", "- ", "{", "}", "[", "]", "\"", "'", "{{", "}}", "#", "&a ", "*a ", "|\n",
    "~",
    "\t", "{{#x}}", "{{/x}}", "%", "é", "\u{202E}", "\u{FEFF}", "\u{1}", "? ", "!!str ", "---\n",
    "..",
    "9999999999999999999", "\\", "on", "null", "run", "timeout: 1s\n", ".nan",
    "-1", "1e999", "prices:", "provider: ", "*", "{{write.json.x}}",
  ]

  @Test("Random damage never crashes the loader, and every mistake has its place and its words")
  func damage() {
    var random = SplitMix64(seed: 5)
    var loadedCount = 0
    var mistakeCount = 0
    for round in 0..<3000 {
      let starter = InitTemplate.allCases[round % InitTemplate.allCases.count]
      var scalars = Array(starter.text.unicodeScalars)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let start = Int.random(in: 0..<scalars.count, using: &random)
        let end = min(scalars.count, start + Int.random(in: 0...12, using: &random))
        let piece = Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
        scalars.replaceSubrange(start..<end, with: piece.unicodeScalars)
      }
      let text = String(String.UnicodeScalarView(scalars))
      do throws(DefinitionErrors) {
        _ = try load(text)
        loadedCount += 1
      } catch {
        mistakeCount += error.mistakes.count
        let lines = text.unicodeScalars.count { $0 == "\n" } + 1
        for mistake in error.mistakes {
          #expect((1...lines + 1).contains(mistake.position.line), "\(mistake) in round \(round)")
          #expect(mistake.position.column >= 1 && !mistake.message.isEmpty)
        }
      }
    }
    #expect(loadedCount > 100)
    #expect(mistakeCount > 1000)
  }
}

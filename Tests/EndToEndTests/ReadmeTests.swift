// The README is true: its files, its commands in their order, its tables, its links.

import Foundation
import Testing

@Suite(.turn) struct ReadmeTests {
  @Test("Every command of the README does what it says, and its tables are the program's")
  func isTrue() async throws {
    let repository = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let batch = try BatchFolder()
    let child = try Child(
      repository.appendingPathComponent(".ci/readme").path, [BatchFolder.program],
      environment: batch.environment(), files: batch.path + "/readme")
    let ended = try await child.wait(seconds: 300)
    #expect(ended.status == 0, "\(ended)")
  }
}

// The engine's own log: what is in it at which level, where it is, and what it never has.

import Foundation
import Testing

@Suite(.turn) struct LogTests {
  private static func batch() throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: ["good", "bad\\u001b[2J"]}
      steps: [{id: one, run: 'case {{line}} in bad*) echo "no $TOKEN" >&2; exit 3;; esac'}]
      retry: {attempts: 1}
      """)
    return batch
  }

  @Test(
    "An engine's log has its run and its failures, private and harmless; debug has every attempt")
  func levels() async throws {
    let batch = try Self.batch()
    let secret = ["TOKEN": "tok-0123456789abcdef", "FOOTPLATE_LOG_LEVEL": "warning"]
    _ = try await batch.footplate("run", "--headless", environment: secret)
    let path = ".footplate/engine.log"
    let warnings = batch.text(path).split(separator: "\n")
    #expect(warnings.count == 1, "\(warnings)")
    #expect(warnings.first?.contains(" warning engine: FAIL bad") == true, "\(warnings)")
    #expect(!batch.text(path).contains("\u{1B}") && !batch.text(path).contains("tok-0123456789"))
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(batch.path)/\(path)")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    _ = try await batch.footplate("run", "--headless", "--force", "--log-level", "debug")
    let text = batch.text(path)
    #expect(text.contains(" info engine: ") && text.contains(" debug engine: start "), "\(text)")
    #expect(text.contains("left: done 1"), "\(text)")
  }

  @Test("A level that is none, and a file that cannot be written, are told before anything starts")
  func mistakes() async throws {
    let batch = try Self.batch()
    let level = try await batch.footplate(
      "run", "--headless", environment: ["FOOTPLATE_LOG_LEVEL": "loud"])
    #expect(level.status == 2 && level.complaints.contains("\"loud\""), "\(level)")
    let file = try await batch.footplate(
      "run", "--headless", environment: ["FOOTPLATE_LOG_FILE": "no/such/folder.log"])
    #expect(file.status == 2 && file.complaints.contains("cannot be written"), "\(file)")
    #expect(!batch.exists(".footplate/footplate.db"))
  }
}

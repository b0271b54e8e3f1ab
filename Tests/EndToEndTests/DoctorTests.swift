// `footplate doctor` as a person and a program meet it.

import Foundation
import Glibc
import Testing

@Suite(.turn) struct DoctorTests {
  private func finished() async throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [a, b]}
      steps: [{id: one, run: 'echo {{key}} >> "$COUNT"; echo {{key}}', output: "out/{{key}}"}]
      """)
    try await batch.run()
    return batch
  }

  private func mode(_ batch: BatchFolder) -> mode_t {
    var status = stat()
    stat("\(batch.path)/.footplate/footplate.db", &status)
    return status.st_mode & 0o777
  }

  @Test("A damage is told with its fix, mended with a backup, and taken back")
  func text() async throws {
    let batch = try await finished()
    try batch.remove("out/a")
    let told = try await batch.footplate("doctor")
    #expect(told.status == 1)
    #expect(told.output.contains("ARTIFACT_MISSING  error  out/a"), "\(told)")
    #expect(told.output.contains("footplate doctor --fix: puts the right bytes back"))
    #expect(!batch.exists("out/a"))
    let mended = try await batch.footplate("doctor", "--fix")
    #expect(mended.status == 0 && mended.lastLine == "nothing is wrong", "\(mended)")
    #expect(mended.output.contains("footplate doctor --undo takes it back"))
    #expect(batch.text("out/a") == "a\n")
    #expect(try await batch.footplate("doctor", "--undo").status == 0)
    #expect(!batch.exists("out/a"))
    #expect(try await batch.footplate("doctor", "--undo").status == 3)
  }

  @Test("As JSON a finding has all that a dashboard shows, and a fix the name to undo it by")
  func json() async throws {
    let batch = try await finished()
    chmod("\(batch.path)/.footplate/footplate.db", 0o644)
    let document = try await object(batch, "doctor", "--json")
    let finding = try #require((document["findings"] as? [[String: Any]])?.first)
    #expect(finding["code"] as? String == "PERMISSIONS_TOO_OPEN")
    #expect(finding["severity"] as? String == "error")
    #expect(finding["is_safe"] as? Bool == true)
    #expect((finding["preview"] as? [String])?.first?.hasSuffix("footplate.db (mode 644)") == true)
    let mended = try await object(batch, "doctor", "--fix", "--json")
    let fix = try #require((mended["fixes"] as? [[String: Any]])?.first)
    #expect(fix["undo"] as? String == mended["undo"] as? String)
    let changes = fix["changes"] as? [[String: Any]]
    #expect(changes?.first?["path"] as? String == ".footplate/footplate.db")
    #expect(changes?.first?["kept"] as? String == "mode")
    #expect((mended["findings"] as? [Any])?.isEmpty == true)
  }

  private func object(_ batch: BatchFolder, _ arguments: String...) async throws -> [String: Any] {
    let ended = try await batch.start(arguments).wait()
    return try #require(
      try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
  }

  @Test("A run heals what is safe at its start, unless it is told not to")
  func healing() async throws {
    let batch = try await finished()
    chmod("\(batch.path)/.footplate/footplate.db", 0o644)
    try await batch.run("--no-healing")
    #expect(mode(batch) == 0o644)
    try await batch.run()
    #expect(mode(batch) == 0o600)
    #expect(batch.executions.sorted() == ["a", "b"])
  }

  @Test("A destroyed store is refused by a run, mended by doctor, and nothing done runs again")
  func destroyed() async throws {
    let batch = try await finished()
    try batch.write("not a store\n", to: ".footplate/footplate.db")
    let refused = try await batch.footplate("run", "--headless")
    #expect(refused.status > 1, "\(refused)")
    #expect(refused.complaints.contains("footplate doctor"))
    let mended = try await batch.footplate("doctor", "--fix")
    #expect(mended.status == 0, "\(mended)")
    #expect(mended.output.contains("with 2 receipts"))
    try await batch.run()
    #expect(batch.executions.sorted() == ["a", "b"])
  }
}

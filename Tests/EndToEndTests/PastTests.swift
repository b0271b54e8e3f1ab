// `footplate status --at`: a finished run as it was, held against what its ledger says.

import Foundation
import Testing

@Suite(.turn) struct PastTests {
  private struct Event: Decodable {
    struct Change: Decodable {
      var type: String
    }
    var at: String
    var event: Change
  }

  private static func finished() async throws -> BatchFolder {
    let folder = try BatchFolder()
    for number in 1...12 { try folder.write("x\n", to: "in/\(number).txt") }
    try folder.define(
      """
      items: {glob: "in/*.txt"}
      parallel: 1
      steps:
        - {id: up, run: "sleep 0.02; cat {{path}}", output: "out/{{stem}}.txt"}
      """)
    #expect(try await folder.footplate("run", "--headless").status == 0)
    return folder
  }

  @Test func `at the half fewer are done, as many as the ledger says`() async throws {
    let folder = try await Self.finished()
    let events: [Event] = try await folder.footplate("ledger", "--json").records()
    let done = events.filter { $0.event.type == "step.done" }
    #expect(done.count == 12)
    let half = done[5].at
    let expected = done.count { $0.at <= half }
    let status: StatusRecord =
      try await folder.footplate("status", "--json", "--at", half).document()
    #expect(status.items.done == expected && expected < 12)
    #expect(status.items.total == 12)
    #expect(status.state == "running")
    #expect(!status.engine.alive)
    let text = try await folder.footplate("status", "--at", half)
    #expect(text.output.hasPrefix("at \(half), event "))
    #expect(text.output.contains("done \(expected)"))
    #expect(!folder.exists(".footplate/past"))
    #expect(try await folder.status().items.done == 12)
  }

  @Test func `before the run it has not begun, and after it it has ended`() async throws {
    let folder = try await Self.finished()
    let before: StatusRecord =
      try await folder.footplate("status", "--json", "--at", "2001-01-01 00:00").document()
    #expect(before.items.total == 0)
    let after: StatusRecord =
      try await folder.footplate("status", "--json", "--at", "+1h").document()
    #expect(after.items.done == 12 && after.state == "finished")
  }

  @Test func `a time that is none is refused, and so is watching the past`() async throws {
    let folder = try await Self.finished()
    let wrong = try await folder.footplate("status", "--at", "yesterday")
    #expect(wrong.status == 2)
    #expect(wrong.complaints.contains("'yesterday' is no time: 02:14"))
    #expect(try await folder.footplate("status", "--at", "-1m", "--watch").status == 2)
  }
}

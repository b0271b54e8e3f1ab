// Failures as a person deals with them by commands: groups, notes, what is resolved, what happened.

import Foundation
import Testing

@Suite(.turn) struct TriageTests {
  private static func batch() async throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.write("alpha\nbeta\n", to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps: [{id: one, run: 'test -e fixed || test {{line}} = alpha'}]
      retry: {attempts: 1}
      """)
    try await batch.run(exits: 1)
    return batch
  }

  @Test("A group has a note and a suggestion, is resolved by a retry, and says so")
  func group() async throws {
    let batch = try await Self.batch()
    let noted = try await batch.footplate("note", "G-01", "waits for ticket 7")
    #expect(noted.status == 0 && noted.output.contains("noted on G-01"), "\(noted)")
    let shown = try await batch.footplate("failures")
    #expect(shown.output.contains("note: waits for ticket 7"), "\(shown)")
    #expect(shown.output.contains("retry: footplate retry --group G-01"), "\(shown)")
    try batch.write("", to: "fixed")
    #expect(try await batch.footplate("retry", "--group", "G-01").status == 0)
    try await batch.run(exits: 0)
    #expect(try await batch.footplate("failures").output.contains("nothing failed"))
    let all = try await batch.footplate("failures", "--all")
    #expect(all.output.hasPrefix("G-01  resolved "), "\(all)")
    let json = try await batch.footplate("failures", "--all", "--json").output
    for part in ["\"note\" : \"waits for ticket 7\"", "\"resolved_at\"", "\"count\" : 0"] {
      #expect(
        json.replacing("\":", with: "\" :").replacing(" : ", with: " :")
          .contains(part.replacing(" : ", with: " :")), "\(part)\n\(json)")
    }
    let verified = try await batch.footplate("ledger", "--verify")
    #expect(verified.status == 0, "\(verified)")
  }

  @Test("An item's note is shown until an empty one takes it away")
  func item() async throws {
    let batch = try await Self.batch()
    #expect(try await batch.footplate("note", "beta", "look at this").status == 0)
    #expect(try await batch.footplate("show", "beta").output.contains("note: look at this"))
    #expect(try await batch.footplate("note", "beta", "").status == 0)
    #expect(try await !batch.footplate("show", "beta").output.contains("note:"))
    let nobody = try await batch.footplate("note", "gamma", "x")
    #expect(nobody.status != 0 && nobody.complaints.contains("gamma: no such item"), "\(nobody)")
    let none = try await batch.footplate("note", "G-09", "x")
    #expect(none.status != 0 && none.complaints.contains("there are G-01"), "\(none)")
  }

  @Test("Status tells what happened since a moment, in words and in JSON")
  func since() async throws {
    let batch = try await Self.batch()
    let away = try await batch.footplate("status", "--since", "1h")
    #expect(away.output.hasPrefix("AWAY 1h0m (last seen "), "\(away)")
    #expect(away.output.contains("1 done +1   failed +1 in 1 new group"), "\(away)")
    let json = try await batch.footplate("status", "--since", "1h", "--json")
    #expect(json.output.contains("\"new_groups\""), "\(json)")
    let later = try await batch.footplate("status", "--since", "2200-01-01T00:00:00Z")
    #expect(later.output.contains("nothing happened"), "\(later)")
    for wrong in ["yesterday", "2999-01-01T00:00:00Z", "-1h", ""] {
      #expect(try await batch.footplate("status", "--since", wrong).status == 2, "\(wrong)")
    }
    #expect(try await batch.footplate("status", "--since", "1h", "--watch").status == 2)
  }
}

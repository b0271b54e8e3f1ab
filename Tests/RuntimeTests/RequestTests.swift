// Requests that meet another holder of the workspace, or another run's engine.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience
import Runtime
import Testing

@Suite(.serialized) struct RequestTests {
  @Test("What is left while another client holds the workspace is carried out by the next client")
  func leftWhileHeld() async throws {
    let batch = try TestBatch()
    try await batch.run { $0.limit = 1 }
    let client = try batch.client()
    let run = try batch.newest().run
    let answer = try batch.withStore { _ in
      try client.submit(.pause, of: run, by: "ann")
    }
    guard case .left = answer else {
      Issue.record("the workspace was held, and yet: \(answer)")
      return
    }
    #expect(try client.snapshot(of: run).pendingRequests.count == 1)
    guard case .applied = try client.submit(.resume, of: run, by: "bob") else {
      Issue.record("nobody held the workspace")
      return
    }
    #expect(try client.snapshot(of: run).pendingRequests.isEmpty)
    #expect(try moves(batch) == ["ann: paused", "bob: stopped"])
  }

  @Test("An engine applies a request on an older run to that run, and goes on with its own")
  func olderRun() async throws {
    let failing = TestBatch.plain.replacing("tr a-z", with: "exit 1; tr a-z")
    let batch = try TestBatch(failing + "\nretry: {attempts: 1}\n")
    try await batch.run()
    let old = try batch.newest().run
    #expect(try batch.newest().counts[.failed] == 3)
    try batch.write("footplate.yaml", TestBatch.plain)
    let client = try batch.client()
    try await batch.run { _ in
    } news: { news in
      guard case .began = news else { return }
      _ = try? client.submit(.items(.skip(reason: "no"), .failed), of: old, by: "ann")
    }
    let (skipped, done) = (
      try client.snapshot(of: old).summary.counts[.skipped],
      try batch.newest().counts[.done]
    )
    #expect(skipped == 3)
    #expect(done == 3)
  }

  /// What the two clients made of a run, in the order of the ledger.
  private func moves(_ batch: TestBatch) throws -> [String] {
    try batch.client().store.entries(of: nil, after: 0, limit: 1000).compactMap { entry in
      guard case .runMoved(let move) = entry.change, ["ann", "bob"].contains(move.by) else {
        return nil
      }
      return "\(move.by): \(move.to)"
    }
  }
}

// Damages of the outbox: a sink that is dead, slow to come back, or refuses events.

import BatchModel
import BatchStore
import Foundation
import MockProvider
import Resilience
import Runtime

extension Damage {
  /// Nothing listens at the discard port.
  private static let dead = "http://127.0.0.1:9/events"

  private static func batch(sink: String, _ more: String = "") -> String {
    TestBatch.plain + "\nevents: {sink: \"\(sink)\"\(more)}\n"
  }

  static let ofOutbox: [Damage] = [
    Damage(
      code: .outboxOversized, severity: .warning, mending: .deliberate,
      sentence: "past that the oldest are given up", remedy: "until half of the bound is left",
      definition: batch(sink: dead),
      make: { batch in
        let run = try batch.newest().run
        let long = Noted(run: run, code: "test", message: String(repeating: "x", count: 200_000))
        try batch.withStore { store in
          for _ in 0..<6 { try store.apply([.noted(long)], of: run, at: .wallClock) }
        }
        try batch.write("footplate.yaml", Self.batch(sink: dead, ", spool: 1MB"))
        return View()
      }),
    Damage(
      code: .outboxStuck, severity: .warning, mending: .byHand,
      sentence: "has waited for 120 minutes", remedy: "footplate sync --now",
      definition: batch(sink: dead),
      make: { _ in View(host: .later(hours: 2)) },
      byHand: { batch in
        try batch.moveOutbox { $0.position = try batch.newestEvent() }
        return View(host: .later(hours: 2))
      }),
    Damage(
      code: .outboxStuck, severity: .warning, mending: .deliberate,
      sentence: "it refused 1 events, the last one with 422: no such item",
      remedy: "offers them again", definition: batch(sink: dead),
      make: { batch in
        let refusal = OutboxRefusal(
          sequence: 1, at: .wallClock, status: 422, reason: "no such item")
        try batch.moveOutbox(refused: [refusal]) { cursor in
          cursor.position = try batch.newestEvent()
          cursor.failed = 1
        }
        return View()
      }),
    Damage(
      code: .sinkUnreachable, severity: .warning, mending: .byHand,
      sentence: "nothing listens at the sink's address", remedy: "start the sink",
      definition: batch(sink: dead),
      make: { batch in View(sinkLook: await batch.doctor().lookAtSink()) },
      byHand: { batch in
        let server = MockServer(script: try MockScript(try JSONValue(parsing: "{}")))
        return try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { try await server.run() }
          let port = try await server.waitForPort()
          try batch.write("footplate.yaml", Self.batch(sink: "http://127.0.0.1:\(port)/events"))
          let look = await batch.doctor().lookAtSink()
          await server.stop()
          try await group.waitForAll()
          return View(sinkLook: look)
        }
      }),
    Damage(
      code: .missingSecret, severity: .warning, mending: .byHand,
      sentence: "the sink of events takes its key from it", remedy: "export SINK_KEY=",
      definition: batch(sink: dead, ", key: {env: SINK_KEY}"), limit: nil,
      make: { _ in
        var host = DoctorHost.plain
        host.environment = [:]
        return View(host: host)
      },
      byHand: { _ in
        var host = DoctorHost.plain
        host.environment = ["SINK_KEY": "secret"]
        return View(host: host)
      }),
  ]
}

extension TestBatch {
  /// Changes the cursor of the one sink, as a relay does.
  fileprivate func moveOutbox(
    refused: [OutboxRefusal] = [], _ change: (inout OutboxCursor) throws -> Void
  ) throws {
    guard var cursor = try client().store.outboxCursors().first else { throw NoOutbox() }
    try change(&cursor)
    try withStore { try $0.saveOutbox(cursor, refused: refused) }
  }

  fileprivate func newestEvent() throws -> Int64 {
    try client().store.entries(of: nil, after: 0, limit: 100_000).last?.sequence ?? 0
  }
}

struct NoOutbox: Error {}

// `footplate sync`: the figures, and a delivery now, by the engine that runs or by our own hand.

package import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience

/// Why nothing can be delivered.
package enum SyncError: Error, Hashable, CustomStringConvertible {
  case noSink(file: String)
  case unusable(String)

  package var description: String {
    switch self {
    case .noSink(let file):
      "\(file): no sink is named; write events: {sink: \"http://host/events\"}, or set "
        + "FOOTPLATE_EVENTS_SINK"
    case .unusable(let reason): reason
    }
  }
}

/// The outbox of a workspace for a person.
package struct OutboxSync {
  /// How long an engine is given to deliver before the figures are shown as they are.
  private static let patience = Duration.seconds(15)

  private let client: RunClient
  private let sink: EventSink?

  package init(_ client: RunClient, sink: EventSink?) {
    self.client = client
    self.sink = sink
  }

  /// How the outbox stands; `nil` when no sink was ever named.
  package func figures() throws -> OutboxFigures? {
    if case .live(let gauges?) = client.liveness(), let figures = gauges.outbox { return figures }
    return try client.store.outboxFigures(of: sink, at: .wallClock)
  }

  /// Delivers what waits, without waiting for any pause to end.
  ///
  /// - Throws: `SyncError`, `ClientError`, `FilesError`, `StoreError`.
  package func now(file: String) async throws -> OutboxFigures? {
    guard let sink else { throw SyncError.noSink(file: file) }
    if EngineLock.isHeld(at: client.layout.lock) { return try await askEngine() }
    do {
      return try await deliver(to: sink)
    } catch is OpenError {
      return try await askEngine()
    }
  }

  private func askEngine() async throws -> OutboxFigures? {
    let run = try client.resolve(nil).run
    let asked = Instant.wallClock
    _ = try client.submit(.sync, of: run, by: NSUserName())
    while asked.duration(to: .wallClock) < Self.patience {
      try await Task.sleep(for: .milliseconds(100))
      guard case .live(let gauges?) = client.liveness() else { break }
      guard gauges.at > asked.advanced(by: .milliseconds(300)) else { continue }
      if gauges.outbox == nil || gauges.outbox?.pending == 0 || gauges.outbox?.nextTry != nil {
        break
      }
    }
    return try figures()
  }

  private func deliver(to sink: EventSink) async throws -> OutboxFigures? {
    let run = try client.resolve(nil).run
    let environment = ProcessInfo.processInfo.environment
    let mask = OutboxMask.make(environment, key: sink.keyVariable)
    let endpoint: SinkEndpoint
    do throws(SinkMistake) {
      endpoint = try SinkEndpoint(sink, environment: environment, mask: mask)
    } catch {
      throw SyncError.unusable(error.description)
    }
    let workspace = try OpenWorkspace(client.layout)
    let queue = WriteQueue(store: workspace.store)
    let board = OutboxBoard()
    board.hurry()
    board.end()
    let result: Result<Void, any Error>
    do {
      let intake = TrackIntake(
        run: run, layout: client.layout, queue: queue, clock: { .wallClock })
      _ = try await intake.take()
      let cursor = try await queue.perform { store throws(StoreError) in
        try store.openOutbox(sink.url, from: run, at: .wallClock)
      }
      var relay = try OutboxRelay.make(
        for: endpoint, cursor, database: client.layout.database, queue: queue, mask: mask,
        board: board, clock: { .wallClock })
      _ = try await relay.run()
      try await relay.saveRest()
      result = .success(())
    } catch {
      result = .failure(error)
    }
    await queue.shutdown()
    try workspace.close()
    // Whoever found the workspace held meanwhile is heard.
    try OfflineRequests(layout: client.layout).drain()
    try result.get()
    return board.figures
  }
}

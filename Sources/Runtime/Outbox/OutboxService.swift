// The relay of one engine: begun with its run, given a moment at its end, and never in its way.

import BatchDefinition
import BatchModel
import BatchStore
import Foundation
import Resilience

/// A relay under way.
struct OutboxService {
  /// How long an engine that is done waits for its last events to be delivered.
  static let farewellMax = Duration.seconds(1)

  private let task: Task<OutboxRelay, Never>
  private let board: OutboxBoard

  /// Begins to deliver.
  ///
  /// - Parameter trouble: told what ended the relay early; the work goes on.
  init(
    _ relay: OutboxRelay, board: OutboxBoard, trouble: @escaping @Sendable (String) -> Void
  ) {
    self.board = board
    // It lives as long as the engine, and `end` awaits it.
    task = Task {
      var relay = relay
      do throws(StoreError) {
        _ = try await relay.run()
      } catch {
        if !Task.isCancelled { trouble("events are not delivered: \(error)") }
      }
      return relay
    }
  }

  /// Lets the relay deliver what it can in a moment, then ends it.
  func end() async throws(StoreError) {
    board.end()
    let task = task
    let timer = Task {
      try? await Task.sleep(for: Self.farewellMax)  // woken early when the relay has ended
      task.cancel()
    }
    var relay = await task.value
    timer.cancel()
    await timer.value
    try await relay.saveRest()
  }
}

extension OutboxRelay {
  /// The relay of a sink over an open store.
  ///
  /// - Parameter queue: through which the cursor is written.
  static func make(
    for endpoint: SinkEndpoint, _ cursor: OutboxCursor, database: String, queue: WriteQueue,
    mask: @escaping @Sendable (String) -> String, board: OutboxBoard,
    clock: @escaping @Sendable () -> Instant
  ) throws(StoreError) -> OutboxRelay {
    OutboxRelay(
      cursor, store: try SQLiteReader(path: database), endpoint: endpoint, mask: mask,
      board: board, clock: clock
    ) { (cursor, refused) throws(StoreError) in
      try await queue.perform { store throws(StoreError) in
        try store.saveOutbox(cursor, refused: refused)
      }
    }
  }
}

/// What is masked in events: the values of secrets, and what looks like a token.
enum OutboxMask {
  /// - Parameter key: the variable that holds the sink's own key, whatever its name.
  static func make(
    _ environment: [String: String], key: String? = nil
  ) -> @Sendable (String) -> String {
    let own = key.flatMap { environment[$0] }.map { [$0] } ?? []
    let mask = SecretMask(secrets: Secrets.values(in: environment) + own)
    return { mask.masked($0) }
  }
}

extension EngineSession {
  /// Does `body` while the run's events are delivered to the definition's sink, if it has one.
  ///
  /// Whatever is wrong with the sink is told and touches nothing.
  func delivering<Value>(
    _ run: RunID, _ queue: WriteQueue, _ body: (OutboxBoard) async throws -> Value
  ) async throws -> Value {
    let board = OutboxBoard()
    let service = await outbox(of: run, queue, board)
    let result: Result<Value, any Error>
    do {
      result = .success(try await body(board))
    } catch {
      result = .failure(error)
    }
    do {
      // What hooks left in the last moment is delivered with the rest.
      _ = try await TrackIntake(run: run, layout: layout, queue: queue, clock: clock).take()
    } catch {
      news(.warning("\(layout.tracking): \(error)"))
    }
    if let service {
      do {
        try await service.end()
      } catch {
        news(.warning("the outbox's cursor is not written: \(error)"))
      }
      if let figures = board.figures, figures.pending > 0 {
        let why = figures.trouble.isEmpty ? "" : " (\(figures.trouble))"
        news(.warning("\(figures.pending) events wait for the sink\(why): footplate sync --now"))
      }
    }
    return try result.get()
  }

  private func outbox(
    of run: RunID, _ queue: WriteQueue, _ board: OutboxBoard
  ) async -> OutboxService? {
    guard let sink = definition.batch.events else { return nil }
    let environment = ProcessInfo.processInfo.environment
    let mask = OutboxMask.make(environment, key: sink.keyVariable)
    let now = clock()
    do {
      let cursor = try await queue.perform { store throws(StoreError) in
        try store.openOutbox(sink.url, from: run, at: now)
      }
      let endpoint = try SinkEndpoint(sink, environment: environment, mask: mask)
      let relay = try OutboxRelay.make(
        for: endpoint, cursor, database: layout.database, queue: queue, mask: mask, board: board,
        clock: clock)
      let news = news
      return OutboxService(relay, board: board) { news(.warning($0)) }
    } catch {
      news(.warning("events are not delivered: \(error)"))
      return nil
    }
  }
}

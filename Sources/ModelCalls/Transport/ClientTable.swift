// The HTTP clients of one caller: one a route, because a client has one proxy or none.

import AsyncHTTPClient
import Synchronization

/// Makes clients when they are first needed.
final class ClientTable: Sendable {
  private enum State {
    case open([ProxyRoute: HTTPClient])
    case closed
  }

  private let settings: ClientSettings
  private let state = Mutex(State.open([:]))

  init(_ settings: ClientSettings) { self.settings = settings }

  // A client that goes without its shutdown stops a debug build.
  deinit { close() }

  /// The client for a route; `nil` when the table is closed.
  func client(for route: ProxyRoute) -> HTTPClient? {
    state.withLock { state in
      guard case .open(var clients) = state else { return nil }
      if let client = clients[route] { return client }
      let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: settings.configuration(for: route))
      clients[route] = client
      state = .open(clients)
      return client
    }
  }

  /// Cuts off what is under way and lets every connection go, without waiting for that: one that is
  /// just being made would take up to the connect time-out.
  func close() {
    // It fails only for a client that is shut down already, which is what is wanted.
    for client in takeAll() { client.shutdown { _ in } }
  }

  private func takeAll() -> [HTTPClient] {
    state.withLock { state in
      guard case .open(let clients) = state else { return [] }
      state = .closed
      return Array(clients.values)
    }
  }
}

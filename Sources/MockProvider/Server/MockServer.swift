// The mock provider on a real socket: where it listens, from when to when.

import FlyingFox
import FlyingSocks

/// An HTTP server on 127.0.0.1 that behaves by a script.
package final class MockServer: Sendable {
  /// Why the server could not be started.
  package struct Mistake: Error, Hashable, Sendable {
    package var message: String
  }

  private let desk: MockDesk
  private let server: HTTPServer

  /// Makes a server; port 0 takes a free one.
  package init(script: MockScript, port: UInt16 = 0) throws(Mistake) {
    desk = MockDesk(script: script)
    do {
      server = HTTPServer(
        config: HTTPServer.Configuration(
          address: try .inet(ip4: "127.0.0.1", port: port), timeout: 86_400,
          pool: PromptSocketPool(HTTPServer.defaultPool()), logger: .disabled))
    } catch {
      throw Mistake(message: "127.0.0.1:\(port) is no address: \(error)")
    }
  }

  /// Serves until the task is cancelled or the address cannot be had.
  package func run() async throws {
    await server.appendRoute("*") { [desk] in try await desk.reply(to: $0) }
    try await server.run()
  }

  /// Waits until requests are answered; gives the port.
  package func waitForPort() async throws(Mistake) -> UInt16 {
    do {
      try await server.waitUntilListening()
      guard case .ip4(_, let port)? = await server.listeningAddress else {
        throw Mistake(message: "the server listens nowhere")
      }
      return port
    } catch {
      throw Mistake(message: "the server does not listen: \(error)")
    }
  }

  /// Stops at once; replies under way are cut off.
  package func stop() async { await server.stop() }

  /// What the server saw so far.
  package var log: MockLog { desk.log }
}

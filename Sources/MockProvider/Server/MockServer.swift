// The mock provider on a real socket: where it listens, from when to when.

import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP server on 127.0.0.1 that behaves by a script.
package final class MockServer: Sendable {
  /// Why the server could not be started, or does not answer any more.
  package struct Mistake: Error, Hashable, Sendable {
    package var message: String
  }

  /// The machine is asked by one at a time, and reading HTTP takes about as long as it does.
  private static let threadCount = 2
  /// Clients that connect all at once must not be refused; Linux takes no more by default.
  private static let backlog: Int32 = 4096

  private let desk: MockDesk
  private let wantedPort: UInt16
  private let life = ServerLife()

  /// Makes a server; port 0 takes a free one.
  package init(script: MockScript, port: UInt16 = 0) {
    desk = MockDesk(script: script)
    wantedPort = port
  }

  /// Serves until the task is cancelled or `stop` is called; replies under way are cut off then.
  ///
  /// - Throws: a `Mistake` when the address cannot be had.
  package func run() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: Self.threadCount)
    let mistake = await serve(on: group)
    life.end(mistake ?? Self.stopped)
    // It closes every connection that is left.
    try await group.shutdownGracefully()
    if let mistake { throw mistake }
  }

  private func serve(on group: MultiThreadedEventLoopGroup) async -> Mistake? {
    let channel: any Channel
    do {
      channel = try await bootstrap(group)
        .bind(host: "127.0.0.1", port: Int(wantedPort)).get()
    } catch {
      return Mistake(
        message: "127.0.0.1:\(wantedPort) cannot be listened at (\(error)): take another port")
    }
    guard let port = channel.localAddress?.port, life.listen(channel, port: UInt16(port)) else {
      return nil
    }
    await withTaskCancellationHandler {
      // A channel that closes with an error is closed as well.
      try? await channel.closeFuture.get()
    } onCancel: {
      channel.close(promise: nil)
    }
    return nil
  }

  private func bootstrap(_ group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: Self.backlog)
      // A port that another server just left can be had at once.
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      // A stream's pieces must not wait for the client's delayed acknowledgements, up to 40 ms each.
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { [desk] channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline()
          try pipeline.addHandler(MockConnection(desk: desk))
        }
      }
  }

  private static let stopped = Mistake(message: "the server was stopped")

  /// Waits until requests are answered; gives the port.
  package func waitForPort() async throws(Mistake) -> UInt16 { try await life.port() }

  /// Stops at once; replies under way are cut off.
  package func stop() async {
    // It fails only when the channel is closed already.
    try? await life.end(Self.stopped)?.close()
  }

  /// What the server saw so far.
  package var log: MockLog { desk.log }
}

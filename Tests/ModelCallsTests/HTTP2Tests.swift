// HTTP/2, for who wants it: many calls on one connection, and streams that are cut.

import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import Providers
import Synchronization
import Testing

@testable import ModelCalls

@Suite("A call over HTTP/2", .timeLimit(.minutes(1)))
struct HTTP2Tests {
  /// Calls a server that speaks nothing else, some at once.
  private static func outcomes(cutting: Bool, count: Int) async throws -> (
    [CallOutcome], connections: Int
  ) {
    let connections = Mutex(0)
    let tls = try TestCertificate.serverContext(protocols: ["h2"])
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        connections.withLock { $0 += 1 }
        return channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(NIOSSLServerHandler(context: tls))
          _ = try pipeline.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: .init(), streamConfiguration: .init()
          ) { stream in
            stream.eventLoop.makeCompletedFuture {
              let own = stream.pipeline.syncOperations
              try own.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
              try own.addHandler(Answerer(isCutting: cutting))
            }
          }
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let base = "https://localhost:\(server.localAddress?.port ?? 0)/v1"
    var outcomes: [CallOutcome] = []
    try await TestCertificate.withFile { path in
      var options = Fixture.options(["SSL_CERT_FILE": path])
      options.takesHTTP2 = true
      let caller = try ModelCaller(options)
      let request = CallRequest(
        http: try HTTPCall(Fixture.call(streams: false)), server: try ServerAddress(base),
        key: APIKey(Fixture.key), timeout: .seconds(60))
      outcomes = await withTaskGroup(of: CallOutcome?.self) { group in
        for _ in 0..<count { group.addTask { await caller.call(request).outcome } }
        return await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
      }
      await caller.shutdown(.waitForCalls)
    }
    try await server.close()
    return (outcomes, connections.withLock { $0 })
  }

  @Test("is answered, with other calls on the same connection")
  func answered() async throws {
    let (outcomes, connections) = try await Self.outcomes(cutting: false, count: 16)
    #expect(outcomes.map(\.verdict) == Array(repeating: .answered, count: 16))
    #expect(outcomes.first?.answer?.text == "Green.")
    #expect(connections < 16)
  }

  @Test("is charged its worst case when its stream is cut")
  func cut() async throws {
    let (outcomes, _) = try await Self.outcomes(cutting: true, count: 1)
    #expect(outcomes.map(\.code) == ["reply-lost"])
    #expect(outcomes.map(\.charge) == [.worstCase])
  }
}

/// Answers each request, or resets its stream.
private final class Answerer: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let isCutting: Bool

  init(isCutting: Bool) { self.isCutting = isCutting }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .end = unwrapInboundIn(data) else { return }
    guard !isCutting else { return context.close(promise: nil) }
    let head = HTTPResponseHead(
      version: .http2, status: .ok, headers: ["content-type": "application/json"])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(
      wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: Reply.answer)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}

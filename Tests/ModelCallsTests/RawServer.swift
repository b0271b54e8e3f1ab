// A server made of bytes: it says whatever a test writes, at whatever moment, and counts what came.

import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// What a raw server does on a connection, in order.
enum Act: Sendable {
  /// Waits for a whole request: head, and as much body as it announces.
  case awaitRequest
  case say(String)
  case bytes([UInt8])
  /// Waits until the test calls `proceed()`.
  case pause
  /// Writes this again and again until the client hangs up.
  case flood(String)
  case close
  case reset
}

/// A TCP server on a free port of 127.0.0.1; a connection that ran out of acts stays open.
final class RawServer: Sendable {
  let port: Int
  private let channel: any Channel
  private let book: ServerBook

  /// - Parameter acts: For every connection, by its number from 0.
  /// - Parameter proceedAfter: So many requests make all pauses end.
  init(
    tls: NIOSSLContext? = nil, proceedAfter: Int = .max, acts: @escaping @Sendable (Int) -> [Act]
  ) async throws {
    let book = ServerBook(proceedAfter: proceedAfter)
    self.book = book
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
          try pipeline.addHandler(RawConnection(acts: acts(book.connect()), book: book))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = channel.localAddress?.port ?? 0
  }

  var requests: [String] { book.requests }
  var connectionCount: Int { book.connectionCount }
  func waitForConnection() async { await book.connected.wait() }
  func waitForRequest() async { await book.requested.wait() }
  /// Returns when a client has hung up.
  func waitForHangUp() async { await book.hungUp.wait() }
  func proceed() { book.goOn.fire() }
  // It fails only when it is closed already.
  func stop() async { try? await channel.close() }
}

/// What a server saw, and the signals between it and its test.
final class ServerBook: Sendable {
  let connected = Signal()
  let requested = Signal()
  let hungUp = Signal()
  let goOn = Signal()
  private let proceedAfter: Int
  private let state = Mutex<(connections: Int, requests: [String])>((0, []))

  init(proceedAfter: Int) { self.proceedAfter = proceedAfter }

  var requests: [String] { state.withLock { $0.requests } }
  var connectionCount: Int { state.withLock { $0.connections } }

  func connect() -> Int {
    defer { connected.fire() }
    return state.withLock { state in
      defer { state.connections += 1 }
      return state.connections
    }
  }

  func receive(_ request: String) {
    let count = state.withLock { state in
      state.requests.append(request)
      return state.requests.count
    }
    requested.fire()
    if count >= proceedAfter { goOn.fire() }
  }
}

/// One connection; everything happens on its event loop.
private final class RawConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var acts: ArraySlice<Act>
  private var received: [UInt8] = []
  /// Of the request at the front, once its head is there.
  private var expected: Int?
  private let book: ServerBook

  init(acts: [Act], book: ServerBook) {
    self.acts = acts[...]
    self.book = book
  }

  func channelActive(context: ChannelHandlerContext) {
    goOn(context)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += unwrapInboundIn(data).readableBytesView
    goOn(context)
  }

  func channelInactive(context: ChannelHandlerContext) { book.hungUp.fire() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func goOn(_ context: ChannelHandlerContext) {
    while let act = acts.first {
      switch act {
      case .awaitRequest:
        guard let count = requestCount else { return }
        book.receive(String(decoding: received.prefix(count), as: UTF8.self))
        received.removeFirst(count)
      case .say(let text): write(Array(text.utf8), context)
      case .bytes(let bytes): write(bytes, context)
      case .pause:
        acts = acts.dropFirst()
        return pause(context)
      case .flood(let text): return flood(Array(text.utf8), context)
      case .close: context.close(promise: nil)
      case .reset: reset(context)
      }
      acts = acts.dropFirst()
    }
  }

  /// How long the request at the front is; `nil` while it is not whole.
  private var requestCount: Int? {
    if expected == nil, let gap = received.firstRange(of: Array("\r\n\r\n".utf8)) {
      let head = String(decoding: received[..<gap.upperBound], as: UTF8.self)
      let match = head.firstMatch(of: /(?i)content-length: (\d+)/)
      expected = gap.upperBound + (match.flatMap { Int($0.1) } ?? 0)
    }
    guard let expected, received.count >= expected else { return nil }
    self.expected = nil
    return expected
  }

  private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
  }

  private func pause(_ context: ChannelHandlerContext) {
    let own = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let loop = context.eventLoop
    Task { [book] in
      await book.goOn.wait()
      loop.execute { own.value.0.goOn(own.value.1) }
    }
  }

  private func flood(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    let own = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let loop = context.eventLoop
    let sent = context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)))
    // Not at once: a write that is done at once would call itself without end.
    sent.whenSuccess { loop.execute { own.value.0.flood(bytes, own.value.1) } }
  }

  /// A close that discards what is on its way: TCP's RST.
  private func reset(_ context: ChannelHandlerContext) {
    let own = NIOLoopBound(context, eventLoop: context.eventLoop)
    guard let options = context.channel as? any SocketOptionProvider else { return }
    options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
      .whenComplete { _ in own.value.close(promise: nil) }
  }
}

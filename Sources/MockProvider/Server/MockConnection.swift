// One client's connection: requests come in whole, replies go out at the pace that they plan.

import NIOCore
import NIOHTTP1
import Resilience

/// Serves one connection, request by request; everything happens on its event loop.
final class MockConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    /// → receiving, closing.
    case idle
    /// → replying, refused (the body is too large), closing.
    case receiving(HTTPRequestHead, body: ByteBuffer)
    /// → idle, closing.
    case replying(Playback)
    /// What still comes of the connection is dropped.
    case closing
  }

  /// A reply on its way.
  fileprivate struct Playback {
    let request: HTTPRequestHead
    let reply: MockReply
    var steps: ArraySlice<ReplyStep>
    var timer: Scheduled<Void>?
  }

  private let desk: MockDesk
  private var state = State.idle

  init(desk: MockDesk) { self.desk = desk }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (unwrapInboundIn(data), state) {
    case (.head(let head), .idle):
      state = .receiving(head, body: ByteBuffer())
      if head.headers.contains(name: "expect") { welcome(context) }
    case (.body(var bytes), .receiving(let head, var body)):
      state = .idle  // else the append copies
      guard body.readableBytes + bytes.readableBytes <= MockDesk.bodyBytesMax else {
        return refuse(head, context)
      }
      body.writeBuffer(&bytes)
      state = .receiving(head, body: body)
    case (.end, .receiving(let head, let body)):
      let reply = desk.reply(to: head, body: body)
      state = .replying(Playback(request: head, reply: reply, steps: reply.steps[...]))
      play(context)
    default: break
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    abandon()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  /// A client with a large body asks whether it may come (RFC 9110, section 10.1.1).
  private func welcome(_ context: ChannelHandlerContext) {
    let head = HTTPResponseHead(version: .http1_1, status: .continue)
    context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
  }

  private func refuse(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
    state = .closing
    let head = HTTPResponseHead(
      version: request.version, status: .payloadTooLarge,
      headers: ["content-length": "0", "connection": "close"])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    closeAfterwards(context.writeAndFlush(wrapOutboundOut(.end(nil))), context)
  }

  /// Lets go of a reply that nobody waits for any more.
  private func abandon() {
    if case .replying(let playback) = state {
      playback.timer?.cancel()
      desk.finish()
    }
    state = .closing
  }
}

extension MockConnection {
  /// Does the steps up to the next pause, or to the end.
  private func play(_ context: ChannelHandlerContext) {
    while case .replying(var playback) = state, let step = playback.steps.popFirst() {
      state = .replying(playback)
      switch step {
      case .wait(let pause):
        context.flush()
        return resume(after: pause, playback, context)
      case .head(let contentLength):
        let head = playback.head(contentLength: contentLength)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
      case .piece(let bytes) where playback.hasBody:
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
      case .piece: break
      // A request that waits behind this one begins its own reply in there.
      case .end: return end(playback, context)
      case .cut:
        // An empty piece sends nothing; its promise is kept when all before it has left.
        let last = context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))))
        closeAfterwards(last, context)
        abandon()
      }
    }
  }

  private func resume(
    after pause: Duration, _ playback: Playback, _ context: ChannelHandlerContext
  ) {
    var playback = playback
    playback.timer = context.eventLoop.assumeIsolated().scheduleTask(
      in: .nanoseconds(pause.nanosecondsClamped)
    ) {
      self.play(context)
    }
    state = .replying(playback)
  }

  private func end(_ playback: Playback, _ context: ChannelHandlerContext) {
    // Before the last byte leaves, so that whoever has read it finds the book closed.
    desk.finish()
    state = playback.isKeptAlive ? .idle : .closing
    guard !playback.isKeptAlive else {
      return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
    closeAfterwards(context.writeAndFlush(wrapOutboundOut(.end(nil))), context)
  }

  private func closeAfterwards(
    _ last: EventLoopFuture<Void>, _ context: ChannelHandlerContext
  ) {
    last.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
  }
}

extension MockConnection.Playback {
  fileprivate var status: HTTPResponseStatus { HTTPResponseStatus(statusCode: reply.status) }
  fileprivate var isKeptAlive: Bool { request.isKeepAlive }
  fileprivate var hasBody: Bool { request.method != .HEAD && status.mayHaveResponseBody }

  /// The response's head; without a length the encoder of HTTP chooses chunks.
  fileprivate func head(contentLength: Int?) -> HTTPResponseHead {
    var headers = NIOHTTP1.HTTPHeaders(reply.headers.map { ($0.name, $0.value) })
    // Also to HEAD: the encoder would end a body in chunks that nobody may send.
    if let contentLength, status.mayHaveResponseBody {
      headers.add(name: "content-length", value: "\(contentLength)")
    }
    if !isKeptAlive { headers.add(name: "connection", value: "close") }
    return HTTPResponseHead(version: request.version, status: status, headers: headers)
  }
}

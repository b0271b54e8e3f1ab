// Deliveries of events over HTTP: beside the calls of models, since proxies, certificates and faults
// are the same, and apart from them, since nothing here is paid, streamed or charged.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
package import Providers
import Resilience

/// Posts to one sink and asks how it is; owns its connections.
package final class SinkPoster: Sendable {
  /// What came back.
  package enum Reply: Hashable, Sendable {
    /// `reason` is the first line of the answer's text, cut.
    case status(Int, retryAfter: Duration?, reason: String)
    /// One sentence for a person.
    case fault(String)
    case cancelled
  }

  /// Of an answer's body; the rest is not read.
  private static let bodyBytesMax = 8 << 10
  private static let reasonCharactersMax = 200

  private let server: ServerAddress
  private let route: ProxyRoute
  private let clients: ClientTable
  private let key: APIKey?

  /// - Throws: what is wrong with the proxy variables or the file of certificates.
  package init(
    server: ServerAddress, key: APIKey?, environment: [String: String]
  ) throws(ModelCaller.Mistake) {
    self.server = server
    self.key = key
    route = try ProxyRules(environment).route(to: server)
    clients = ClientTable(
      try ClientSettings(ModelCaller.Options(concurrent: 2, environment: environment)))
  }

  /// Posts a body to the sink's address.
  package func post(_ body: [UInt8], type: String, timeout: Duration) async -> Reply {
    var request = HTTPClientRequest(url: server.text)
    request.method = .POST
    request.headers.add(name: "content-type", value: type)
    request.body = .bytes(ByteBuffer(bytes: body))
    return await send(request, timeout: timeout)
  }

  /// Asks for a path on the sink's host.
  package func get(_ path: String, timeout: Duration) async -> Reply {
    var request = HTTPClientRequest(url: server.origin + path)
    request.method = .GET
    return await send(request, timeout: timeout)
  }

  private func send(_ request: HTTPClientRequest, timeout: Duration) async -> Reply {
    guard let client = clients.client(for: route) else { return .cancelled }
    var request = request
    request.headers.add(name: "user-agent", value: "footplate")
    if let key {
      let field = key.field(for: .openai)
      request.headers.add(name: field.name, value: field.value)
    }
    let finished = request
    // Whoever is first answers for both; the other one is cancelled.
    return await withTaskGroup(of: Reply.self) { group in
      group.addTask { await self.exchange(finished, client) }
      group.addTask {
        do {
          try await Task.sleep(for: timeout)
          return .fault("the sink does not answer in time")
        } catch {
          return .cancelled
        }
      }
      let first = await group.next() ?? .cancelled
      group.cancelAll()
      return first
    }
  }

  private func exchange(_ request: HTTPClientRequest, _ client: HTTPClient) async -> Reply {
    var hasHead = false
    do {
      let response = try await client.execute(request, deadline: .distantFuture)
      hasHead = true
      let headers = Providers.HTTPHeaders(response.headers.map { ($0.name, $0.value) })
      let now = WallClock.now
      let wait = RetryAdvice(headers: headers, now: now).notBefore
      return .status(
        Int(response.status.code), retryAfter: wait.map { now.duration(to: $0) },
        reason: await reason(in: response))
    } catch {
      return reply(to: error, hasHead: hasHead)
    }
  }

  /// What a person might want to read of an answer; its end is not waited for.
  private func reason(in response: HTTPClientResponse) async -> String {
    var bytes: [UInt8] = []
    do {
      for try await chunk in response.body {
        bytes += chunk.readableBytesView.prefix(Self.bodyBytesMax - bytes.count)
        if bytes.count >= Self.bodyBytesMax { break }
      }
    } catch {
      // The status has come, and that is the answer; a torn text says less of it.
    }
    let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first
    let visible = (line ?? "").unicodeScalars.filter { $0.properties.generalCategory != .control }
    return String(String(String.UnicodeScalarView(visible)).prefix(Self.reasonCharactersMax))
  }

  private func reply(to error: any Error, hasHead: Bool) -> Reply {
    if error is CancellationError { return .cancelled }
    if let error = error as? HTTPClientError, error == .cancelled || error == .alreadyShutdown {
      return .cancelled
    }
    if error is HTTPParserError { return .fault("the sink does not speak HTTP") }
    let reading = FaultReading(
      isSent: false, hasHead: hasHead, host: server.host, isProxied: route != .direct,
      bodyBytesMax: Self.bodyBytesMax)
    return .fault(reading.fault(of: error).sinkMessage)
  }
}

extension TransportFault {
  /// The fault in the words of a sink.
  fileprivate var sinkMessage: String {
    switch self {
    case .nameNotResolved(let host): "no address for \(host)"
    case .connectionRefused: "nothing listens at the sink's address"
    case .connectTimedOut: "no connection to the sink in time"
    case .tlsFailed: "the encrypted connection to the sink could not be made"
    case .certificateRefused: "the sink's certificate is not trusted"
    case .proxyRefused: "the proxy refused the connection to the sink"
    case .closedBeforeSending, .closedAfterSending: "the sink closed the connection"
    case .timedOut, .stalled: "the sink does not answer in time"
    case .notHTTP: "the sink does not speak HTTP"
    case .bodyTooLarge: "the sink's answer is too long"
    }
  }
}

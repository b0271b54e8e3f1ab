// One request and its response over the HTTP client, piece by piece into a transcript.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Providers

/// Performs one exchange.
struct CallExchange: Sendable {
  /// How often progress is told at most.
  static let progressEvery = Duration.milliseconds(250)

  let request: CallRequest
  let client: HTTPClient
  let isProxied: Bool
  let bodyBytesMax: Int
  let pulse: CallPulse
  let clock: CallClock
  let onProgress: @Sendable (CallProgress) -> Void

  /// Ends promptly when the task is cancelled; the transcript then holds what had come.
  ///
  /// A server may close an idle connection just when a request is about to take it; as nothing was
  /// sent, that is no fault of the provider and is tried once more.
  func perform() async -> CallTranscript {
    let first = await attempt()
    guard first.ending == .fault(.closedBeforeSending), !Task.isCancelled else { return first }
    return await attempt()
  }

  private func attempt() async -> CallTranscript {
    let mark = SentMark()
    var transcript = CallTranscript()
    do {
      // The deadline is the watch's: the client's own runs on while the host sleeps.
      let response = try await client.execute(clientRequest(mark), deadline: .distantFuture)
      pulse.beat(at: clock.now(), isOver: false)
      transcript.reply = reply(to: response)
      try await read(response, into: &transcript)
    } catch {
      transcript.ending = ending(for: error, mark, transcript)
      transcript.faultDetail = "\(error)"
    }
    transcript.isSent = mark.isSet
    return transcript
  }

  private func clientRequest(_ mark: SentMark) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: request.http.url(base: request.server.text))
    request.method = HTTPMethod(rawValue: self.request.http.method)
    for field in self.request.http.headers(with: self.request.key).fields {
      request.headers.add(name: field.name, value: field.value)
    }
    request.headers.add(name: "user-agent", value: "footplate")
    // A compressed stream would come in larger and later pieces.
    if !self.request.expectsStream {
      request.headers.add(name: "accept-encoding", value: "gzip, deflate")
    }
    if !self.request.http.body.isEmpty {
      let body = MarkedBody(bytes: self.request.http.body, mark: mark)
      request.body = .bytes(body, length: .known(Int64(body.count)))
    }
    return request
  }

  private func reply(to response: HTTPClientResponse) -> CallTranscript.Reply {
    let headers = Providers.HTTPHeaders(response.headers.map { ($0.name, $0.value) })
    let status = Int(response.status.code)
    // By what came, not by what was asked: servers stream unasked, and answer streams with a whole.
    guard status == 200, headers.isEventStream else {
      return .whole(status: status, headers, body: [])
    }
    return .stream(headers, AnswerAssembler(api: request.http.api))
  }

  private struct BodyTooLarge: Error {}

  private func read(
    _ response: HTTPClientResponse, into transcript: inout CallTranscript
  ) async throws {
    var toldAt: Duration?
    for try await chunk in response.body {
      let now = clock.now()
      guard transcript.bytesReceived + chunk.readableBytes <= bodyBytesMax else {
        throw BodyTooLarge()
      }
      transcript.receive(Array(chunk.readableBytesView))
      if transcript.firstTokenAt == nil, transcript.outputTokens > 0 {
        transcript.firstTokenAt = now
      }
      pulse.beat(at: now, isOver: transcript.isAnswerOver)
      if toldAt.map({ now - $0 >= Self.progressEvery }) ?? true {
        toldAt = now
        onProgress(
          CallProgress(
            outputTokens: transcript.outputTokens, bytes: transcript.bytesReceived))
      }
    }
  }

  private func ending(
    for error: any Error, _ mark: SentMark, _ transcript: CallTranscript
  ) -> CallTranscript.Ending {
    switch error {
    case is CancellationError: return .interrupted
    case let error as HTTPClientError where error == .cancelled || error == .alreadyShutdown:
      return .interrupted
    case is BodyTooLarge: return .fault(.bodyTooLarge(bytesMax: bodyBytesMax))
    default:
      var hasHead = true
      if case .none = transcript.reply { hasHead = false }
      let reading = FaultReading(
        isSent: mark.isSet, hasHead: hasHead, host: request.server.host, isProxied: isProxied,
        bodyBytesMax: bodyBytesMax)
      return .fault(reading.fault(of: error))
    }
  }
}

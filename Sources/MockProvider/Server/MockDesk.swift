// One mock provider's state behind its socket: the machine under a lock, and replies as HTTP.

import FlyingFox
import Foundation
import Glibc
import Providers
import Resilience
import Synchronization

/// Answers requests by asking the machine.
final class MockDesk: Sendable {
  /// Larger bodies than a model's context are refused.
  static let bodyBytesMax = 32 << 20

  private let backend: Mutex<MockBackend>

  init(script: MockScript) { backend = Mutex(MockBackend(script: script)) }

  var log: MockLog { backend.withLock(\.log) }

  func reply(to request: HTTPRequest) async throws -> HTTPResponse {
    var body = Data()
    for try await chunk in request.bodySequence {
      body += chunk
      guard body.count <= Self.bodyBytesMax else {
        return HTTPResponse(statusCode: HTTPStatusCode(413, phrase: "Content Too Large"))
      }
    }
    let headers = Providers.HTTPHeaders(request.headers.map { ($0.key.rawValue, $0.value) })
    let plan = backend.withLock {
      $0.reply(
        method: request.method.rawValue, path: request.target.rawValue, headers: headers,
        body: Array(body), now: Self.now)
    }
    let ending = ReplyEnding { [self] in backend.withLock { $0.finish() } }
    if plan.pause > .zero { try await Task.sleep(for: plan.pause) }
    return Self.response(to: plan, ending: ending)
  }

  private static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  private static func response(to plan: MockReply, ending: ReplyEnding) -> HTTPResponse {
    var headers = FlyingFox.HTTPHeaders()
    for field in plan.headers { headers.addValue(field.value, for: HTTPHeader(field.name)) }
    let status = HTTPStatusCode(plan.status, phrase: phrase(of: plan.status))
    // A body that comes at once needs no chunks.
    if plan.ending == .complete, plan.pieces.allSatisfy({ $0.pause == .zero }) {
      return HTTPResponse(statusCode: status, headers: headers, body: Data(plan.body))
    }
    let pieces = ReplyPieces(plan: plan, ending: ending)
    return HTTPResponse(statusCode: status, headers: headers, body: HTTPBodySequence(from: pieces))
  }

  private static func phrase(of status: Int) -> String {
    switch status {
    case 200: "OK"
    case 429: "Too Many Requests"
    case 500...: "Server Error"
    default: "Scripted"
    }
  }
}

// One mock provider's state behind its sockets: the machine under a lock, asked in HTTP's words.

import Glibc
import NIOCore
import NIOHTTP1
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

  /// The reply to a request; `finish` must follow once.
  func reply(to head: HTTPRequestHead, body: ByteBuffer) -> MockReply {
    let headers = Providers.HTTPHeaders(head.headers.map { ($0.name, $0.value) })
    let bytes = Array(body.readableBytesView)
    return backend.withLock {
      $0.reply(
        method: head.method.rawValue, path: head.uri, headers: headers, body: bytes, now: Self.now)
    }
  }

  /// Says that a reply is sent, cut or abandoned.
  func finish() { backend.withLock { $0.finish() } }

  private static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}

// A socket pool whose sockets send at once: a reply's header and body are two writes, and between them
// Nagle's algorithm waits up to 40 ms for the client's delayed acknowledgement.

import FlyingSocks
import Glibc

/// Another pool, with `TCP_NODELAY` set on every socket that passes.
struct PromptSocketPool<Base: AsyncSocketPool>: AsyncSocketPool {
  private let base: Base

  init(_ base: Base) { self.base = base }

  func prepare() async throws { try await base.prepare() }

  func run() async throws { try await base.run() }

  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    // The listening socket comes first, and Linux hands its setting down to what it accepts; a
    // failure costs only speed.
    var isOn: Int32 = 1
    _ = setsockopt(
      socket.file.rawValue, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn,
      socklen_t(MemoryLayout<Int32>.size))
    try await base.suspendSocket(socket, untilReadyFor: events)
  }
}

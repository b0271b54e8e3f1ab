// How other threads get the screen's attention.

internal import CNcurses
internal import Glibc

/// Wakes a terminal that waits for events.
///
/// *Concurrency*: `wake` may be called from any thread; the descriptor is never changed.
package final class Waker: Sendable {
  let descriptor: Int32

  package init() throws(TerminalError) {
    descriptor = nc_wake_descriptor()
    guard descriptor >= 0 else { throw .descriptorsExhausted }
  }

  deinit { close(descriptor) }

  /// Ends the terminal's wait with a `woken` event; many calls before it make one.
  package func wake() { nc_wake(descriptor) }
}

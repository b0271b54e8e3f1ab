// SIGINT and SIGTERM as events of the engine, SIGHUP as nothing.

import Dispatch
import Glibc
import Synchronization

/// Receives the signals that end a program.
package final class SignalInbox: Sendable {
  private struct State {
    var forward: (@Sendable (Int32) -> Void)?
    /// Signals that came before anybody listened.
    var early: [Int32] = []
  }
  private let state = Mutex(State())
  /// Dispatch's objects may be used from any thread; the array is never changed.
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

  /// Takes the signals over for the whole process.
  ///
  /// A lost terminal (SIGHUP) and a reader that has gone (SIGPIPE) must not end a batch.
  package init() {
    let queue = DispatchQueue(label: "footplate.signals")
    var sources: [any DispatchSourceSignal] = []
    for number in [SIGHUP, SIGPIPE] { signal(number, SIG_IGN) }
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      sources.append(DispatchSource.makeSignalSource(signal: number, queue: queue))
    }
    self.sources = sources
    for (source, number) in zip(sources, [SIGINT, SIGTERM]) {
      source.setEventHandler { [weak self] in self?.receive(number) }
      source.activate()
    }
  }

  deinit { for source in sources { source.cancel() } }

  /// Calls `body` for each signal, those that came already first.
  func forward(to body: @escaping @Sendable (Int32) -> Void) {
    let early = state.withLock { state in
      state.forward = body
      defer { state.early = [] }
      return state.early
    }
    for number in early { body(number) }
  }

  private func receive(_ number: Int32) {
    let forward = state.withLock { state -> (@Sendable (Int32) -> Void)? in
      if state.forward == nil { state.early.append(number) }
      return state.forward
    }
    forward?(number)
  }
}

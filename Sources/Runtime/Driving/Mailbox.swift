// Where answers for the engine's loop arrive, from any thread, and are taken out in batches.

import Synchronization

/// An unbounded inbox with one reader.
///
/// It stays small by construction: everything in it answers an action of the machine, whose window
/// is bounded, or is a request of a person.
package final class Mailbox<Message: Sendable>: Sendable {
  private typealias Reader = CheckedContinuation<[Message], Never>
  private struct State {
    var messages: [Message] = []
    var reader: Reader?
  }
  private let state = Mutex(State())

  package init() {}

  /// Adds a message and wakes the reader.
  ///
  /// Never blocks.
  package func post(_ message: Message) { post(contentsOf: [message]) }

  /// Adds a message that can wait for the next one, or for `nudge`.
  package func postQuietly(_ message: Message) {
    state.withLock { $0.messages.append(message) }
  }

  /// Wakes the reader if there is something for it.
  package func nudge() {
    let (reader, messages) = state.withLock { state -> (Reader?, [Message]) in
      guard let reader = state.reader, !state.messages.isEmpty else { return (nil, []) }
      state.reader = nil
      defer { state.messages = [] }
      return (reader, state.messages)
    }
    reader?.resume(returning: messages)
  }

  /// Adds messages in their order and wakes the reader.
  package func post(contentsOf messages: [Message]) {
    guard !messages.isEmpty else { return }
    let (reader, all) = state.withLock { state -> (Reader?, [Message]) in
      state.messages += messages
      guard let reader = state.reader else { return (nil, []) }
      state.reader = nil
      defer { state.messages = [] }
      return (reader, state.messages)
    }
    reader?.resume(returning: all)
  }

  /// Everything that has arrived, oldest first; waits for the first message when there is none.
  ///
  /// *Concurrency*: one caller at a time.
  package func next() async -> [Message] {
    await withCheckedContinuation { continuation in
      let ready = state.withLock { state -> [Message] in
        guard state.messages.isEmpty else {
          defer { state.messages.removeAll(keepingCapacity: true) }
          return state.messages
        }
        precondition(state.reader == nil, "a mailbox has one reader")
        state.reader = continuation
        return []
      }
      if !ready.isEmpty { continuation.resume(returning: ready) }
    }
  }
}

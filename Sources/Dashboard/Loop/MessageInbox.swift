// Where other threads leave their news for the screen's.

import Synchronization

/// A bounded queue of messages that wakes whoever reads it.
///
/// *Concurrency*: `post` from any thread, `takeAll` from the screen's.
package final class MessageInbox: Sendable {
  private let messages = Mutex<[Message]>([])
  private let wake: @Sendable () -> Void

  /// Answers are as many as the commands; a log that is faster than the screen has to wait.
  package static let logPiecesMax = 256

  package init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  /// Leaves a message; false when it is a piece of log and there are too many: post it again later.
  ///
  /// A snapshot replaces one that nobody has seen yet.
  @discardableResult
  package func post(_ message: Message) -> Bool {
    let isTaken = messages.withLock { messages in
      switch message {
      case .snapshot: messages.removeAll { if case .snapshot = $0 { true } else { false } }
      case .log where messages.count >= Self.logPiecesMax: return false
      default: break
      }
      messages.append(message)
      return true
    }
    if isTaken { wake() }
    return isTaken
  }

  /// Everything that was left, in its order.
  package func takeAll() -> [Message] {
    messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}

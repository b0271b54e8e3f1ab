// One agent process as the pool sees it: whose turn it is, what was heard, whether it is doomed.

import BatchModel
import Synchronization

/// A long-lived process that serves one attempt after the other.
///
/// ```
/// (made) ─► begin ─► turn under way ─► take ─► idle ─► begin …
///                        └─ kill, or a broken protocol ─► doomed: never used again
/// ```
final class AgentProcess: Sendable {
  private struct State {
    var conversation = AgentConversation()
    var turnsBegun = 0
    var commandBytes = 0
    /// The letters that start the turn are posted: what is posted now comes after them.
    var isPosted = false
    var isDoomed = false
    /// A kill that came before the letters were posted.
    var wish: Duration?
    /// Somebody outside wanted the attempt's end.
    var isUnwanted = false
    var hasTold = false
    var pid: Int32?
    var hasEnded = false
  }

  /// The turn that is over, as far as the agent's own words go.
  struct Ended {
    var turn: AgentTurn
    /// How many turns the process had been handed with this one.
    var turnsBegun: Int
    var commandBytes: Int
    var isUnwanted: Bool
    var isReusable: Bool
  }

  /// Its name in the process executor: no attempt's.
  let id: AttemptID
  let identity: AgentIdentity
  private let processes: ProcessExecutor
  private let state = Mutex(State())

  init(id: AttemptID, identity: AgentIdentity, processes: ProcessExecutor) {
    self.id = id
    self.identity = identity
    self.processes = processes
  }

  var pid: Int32? { state.withLock { $0.pid } }
  func note(pid: Int32) { state.withLock { $0.pid = pid } }

  /// Opens a turn; what is heard from here on is about it.
  ///
  /// `false` when the process has ended, or is about to: then there is no turn.
  func open(_ attempt: AttemptID, commandBytes: Int) -> Bool {
    state.withLock { state in
      guard !state.hasEnded, !state.isDoomed else { return false }
      precondition(state.conversation.turn == nil, "an agent does one attempt at a time")
      state.conversation.turn = AgentTurn(attempt)
      state.turnsBegun += 1
      state.commandBytes = commandBytes
      state.isPosted = false
      state.isUnwanted = false
      state.hasTold = false
      return true
    }
  }

  /// Says that the turn's letters are posted.
  func notePosted() {
    state.withLock { state in
      state.isPosted = true
      if let wish = state.wish { processes.kill(id, grace: wish) }
    }
  }

  /// Ends the attempt with the process, if it is still this attempt's turn.
  func kill(_ attempt: AttemptID, grace: Duration) {
    // Letters are posted under the lock: the next turn's cannot come in between.
    state.withLock { state in
      guard state.conversation.turn?.attempt == attempt else { return }
      state.isDoomed = true
      state.isUnwanted = true
      guard state.isPosted else { return state.wish = grace }
      processes.send(AgentProtocol.line(AgentInstruction.cancel(attempt)), to: id)
      processes.kill(id, grace: grace)
    }
  }

  /// Takes output on the executor's thread; returns what goes into the log.
  ///
  /// - Parameters:
  ///   - onTurnEnd: Called on that thread when the agent has ended the turn by its own word.
  ///   - onSpoiled: Called at once when it broke the protocol while it had nothing to do.
  func hear(
    _ chunk: UnsafeRawBufferPointer, onTurnEnd: @escaping @Sendable (ProcessTurnReport) -> Void,
    onSpoiled: () -> Void
  ) -> [UInt8] {
    let (words, isSpoiled) = state.withLock { state in
      let words = state.conversation.hear(chunk)
      if state.conversation.turn == nil, state.conversation.isSpoiled, !state.isDoomed {
        state.isDoomed = true
        processes.kill(id)
        return (words, true)
      }
      if let verdict = state.conversation.turn?.verdict, !state.hasTold {
        state.hasTold = true
        if case .broken = verdict {
          state.isDoomed = true
          processes.kill(id)
        } else {
          processes.endTurn(on: id, onEnd: onTurnEnd)
        }
      }
      return (words, false)
    }
    if isSpoiled { onSpoiled() }
    return Array(words.utf8)
  }

  /// Closes the turn; `nil` when none is open.
  ///
  /// - Parameter hasEnded: Whether the process is gone: no turn opens any more.
  func takeTurn(hasEnded: Bool = false) -> Ended? {
    state.withLock { state in
      if hasEnded { state.hasEnded = true }
      guard let turn = state.conversation.turn else { return nil }
      state.conversation.turn = nil
      return Ended(
        turn: turn, turnsBegun: state.turnsBegun, commandBytes: state.commandBytes,
        isUnwanted: state.isUnwanted,
        isReusable: !state.isDoomed && !state.conversation.isSpoiled)
    }
  }

  /// Closes its input and lets it end by itself within `patience`.
  func dismiss(patience: Duration) { processes.dismiss(id, patience: patience) }
}

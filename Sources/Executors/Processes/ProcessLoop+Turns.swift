// Processes that stay and are handed one turn after the other.

import CSpawn
import Glibc

extension ProcessLoop {
  func handle(_ letter: ProcessMailbox.TurnLetter, at now: UInt64) {
    let id =
      switch letter {
      case .begin(_, let id), .end(let id, _), .send(_, let id), .dismiss(let id, _): id
      }
    // One that has ended has told so: whoever wrote the letter knows by now.
    guard let serial = serials[id], let process = processes[serial] else { return }
    switch letter {
    case .begin(let turn, _): process.begin(turn, at: now)
    case .end(_, let onEnd): onEnd(process.endTurn(at: now))
    case .send(let bytes, _): process.send(bytes)
    case .dismiss(_, let patience): process.dismiss(after: patience, at: now)
    }
    watchInput(of: process, serial)
  }

  /// Keeps the input in the epoll set while there is something to write.
  ///
  /// An open input with nothing to write would be ready in every turn of the loop.
  func watchInput(of process: RunningProcess, _ serial: UInt64) {
    guard let input = process.child.input, input.descriptor >= 0 else {
      // Closing took it out of the set.
      process.isInputWatched = false
      return
    }
    guard input.isPending != process.isInputWatched else { return }
    process.isInputWatched = input.isPending
    if input.isPending {
      watch(input.descriptor, EPOLLOUT, serial: serial, .input)
    } else {
      epoll_ctl(epoll, EPOLL_CTL_DEL, input.descriptor, nil)
    }
  }
}

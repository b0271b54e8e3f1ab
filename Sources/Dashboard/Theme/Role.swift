// What colours are for: views name roles, themes decide how they look.

package import BatchModel

/// Something on the screen that a theme gives a style.
package enum Role: String, Hashable, Sendable, CaseIterable {
  case text, muted, title, border, focus, cursor, mark, match, key
  case run, wait, queue, ok, fail, skip
  case toast, toastError = "toast-error", frozen, paused, escape, spark1, spark2
}

extension Role {
  /// A state's colour; it never stands without the state's word.
  package static func of(_ state: ItemState) -> Role {
    switch state {
    case .queued: .queue
    case .waiting: .wait
    case .running: .run
    case .done: .ok
    case .skipped, .cancelled: .skip
    case .failed: .fail
    }
  }
}

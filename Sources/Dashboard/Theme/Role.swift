// What colours are for: views name roles, themes decide how they look.

package import BatchModel

/// Something on the screen that a theme gives a style.
package enum Role: String, Hashable, Sendable, CaseIterable {
  case text, muted, title, border, focus, cursor, mark, match, key
  case run, wait, queue, ok, fail, skip, retry
  case breakerClosed = "breaker-closed", breakerOpen = "breaker-open", breakerHalf = "breaker-half"
  case costOK = "cost-ok", costNear = "cost-near", costOver = "cost-over"
  case logDebug = "log-debug", logInfo = "log-info", logWarn = "log-warn", logError = "log-error"
  case toast, toastError = "toast-error", replay, frozen, paused, escape
  case spark1, spark2, spark3, spark4

  /// The role that this one looks like in a theme that does not mention it.
  ///
  /// A theme that says how a failure looks has said it for an open breaker, too; one that was written
  /// before a role existed goes on to work.
  package var basis: Role? {
    switch self {
    case .text: nil
    case .queue, .skip, .logDebug: .muted
    case .retry, .breakerHalf, .costNear, .logWarn: .wait
    case .breakerClosed, .costOK, .spark1: .ok
    case .breakerOpen, .costOver, .logError, .spark2: .fail
    case .spark3: .run
    case .spark4: .wait
    case .replay: .frozen
    case .muted, .title, .border, .focus, .cursor, .mark, .match, .key, .run, .wait, .ok, .fail,
      .logInfo, .toast, .toastError, .frozen, .paused, .escape:
      .text
    }
  }
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

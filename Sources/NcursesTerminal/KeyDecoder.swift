// ncurses' codes as keys.

internal import Canvas
internal import CNcurses

/// What was read from the keyboard, before focus and paste are told from keys.
enum Input: Hashable {
  case key(Key)
  /// The mouse did something that is still to be asked for.
  case mouse
  case focus(Bool)
  case pasteBegan
  case pasteEnded
}

/// Turns what `get_wch` gives into keys; what nothing is bound to has no key.
enum KeyDecoder {
  /// A character that was typed.
  static func character(_ code: UInt32) -> Key? {
    switch code {
    case 9: return .tab
    case 10, 13: return .enter
    case 27: return .escape
    case 8, 127: return .backspace
    case 1...26: return Unicode.Scalar(code + 96).map(Key.control)
    case 28...31, 0: return nil
    default: return Unicode.Scalar(code).map(Key.character)
    }
  }

  /// A function key's `NC_KEY_` code.
  static func function(_ code: UInt32) -> Input? {
    switch Int(code) {
    case NC_KEY_FOCUS_IN: return .focus(true)
    case NC_KEY_FOCUS_OUT: return .focus(false)
    case NC_KEY_PASTE: return .pasteBegan
    case NC_KEY_PASTE_END: return .pasteEnded
    case NC_KEY_MOUSE: return .mouse
    case (NC_KEY_F0 + 1)...: return .key(.function(Int(code) - NC_KEY_F0))
    default: return named[Int(code)].map(Input.key)
    }
  }

  private static let named: [Int: Key] = [
    NC_KEY_UP: .up, NC_KEY_DOWN: .down, NC_KEY_LEFT: .left, NC_KEY_RIGHT: .right,
    NC_KEY_HOME: .home, NC_KEY_END: .end, NC_KEY_PAGE_UP: .pageUp, NC_KEY_PAGE_DOWN: .pageDown,
    NC_KEY_ENTER: .enter, NC_KEY_BACKSPACE: .backspace, NC_KEY_DELETE: .delete,
    NC_KEY_BACK_TAB: .backTab,
  ]
}

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

  /// A function key's `KEY_` code.
  static func function(_ code: UInt32) -> Input? {
    switch Int(code) {
    case Int(NC_KEY_FOCUS_IN): return .focus(true)
    case Int(NC_KEY_FOCUS_OUT): return .focus(false)
    case Int(NC_KEY_PASTE): return .pasteBegan
    case Int(NC_KEY_PASTE_END): return .pasteEnded
    case Int(KEY_MOUSE): return .mouse
    default: break
    }
    if let key = named[Int32(truncatingIfNeeded: code)] { return .key(key) }
    let number = nc_function_key(code)
    return number > 0 ? .key(.function(Int(number))) : nil
  }

  private static let named: [Int32: Key] = [
    KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right, KEY_HOME: .home,
    KEY_END: .end, KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown, KEY_ENTER: .enter,
    KEY_BACKSPACE: .backspace, KEY_DC: .delete, KEY_BTAB: .backTab,
  ]
}

// What a terminal would make of bytes: which sequences it would obey, and which characters it would
// show.

/// A stream of output, taken apart.
struct Stream {
  /// Sequences as they were sent, without the escape character: `[2J`, `(B`, `]52;c;aGk=`.
  private(set) var sequences: [String] = []
  /// All the rest.
  private(set) var text = String.UnicodeScalarView()

  init(_ output: String) {
    var rest = Substring(output).unicodeScalars
    while let scalar = rest.popFirst() {
      guard scalar == "\u{1B}" else {
        text.append(scalar)
        continue
      }
      sequences.append(Self.sequence(&rest))
    }
  }

  /// Reads one by ECMA-48: parameters and intermediates, then the final character.
  private static func sequence(_ rest: inout Substring.UnicodeScalarView) -> String {
    guard let first = rest.popFirst() else { return "" }
    var sequence = String(Character(first))
    let isControl = first == "["
    guard isControl || (0x20...0x2F).contains(first.value) else { return sequence }
    while let next = rest.popFirst() {
      sequence.unicodeScalars.append(next)
      let isFinal = (isControl ? 0x40...0x7E : 0x30...0x7E).contains(next.value)
      if isFinal { break }
    }
    return sequence
  }

  /// Sequences that are no business of a screen's drawing.
  var strangeSequences: [String] {
    sequences.filter { sequence in
      // xterm keeps the window's title for after the screen, and brings it back.
      if ["[22;0;0t", "[23;0;0t"].contains(sequence) { return false }
      guard let first = sequence.first, let last = sequence.last else { return true }
      switch first {
      // Moves, erasures, insertions, looks, scrolling, repeats, modes; the cursor's look (linux).
      case "[": return !"ABCDGHJKLMPSTXZ@bdfhlmrc".contains(last)
      // Sets of characters, the saved cursor, the keypad, one line back.
      case "(", ")": return !["B", "0"].contains(String(last))
      default: return !["7", "8", "=", ">", "M", "H"].contains(sequence)
      }
    }
  }

  /// Characters that a terminal obeys, reorders or hides, as numbers.
  ///
  /// Layout has four of them: backspace, tab, line feed, return; two more switch the set of
  /// characters.
  var dangerousScalars: [UInt32] {
    text.map(\.value).filter { value in
      switch value {
      // NUL is padding on terminals as old as the VT100.
      case 0x00, 0x08, 0x09, 0x0A, 0x0D, 0x0E, 0x0F: false
      case 0x01...0x1F, 0x7F...0x9F, 0xAD, 0x061C, 0x200B...0x200F, 0x202A...0x202E,
        0x2060...0x2069, 0xFEFF, 0xFFFD, 0xE0000...0xE007F:
        true
      default: false
      }
    }
  }
}

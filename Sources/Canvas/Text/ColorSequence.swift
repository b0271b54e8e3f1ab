// SGR, the one escape sequence of a log that is understood: parsed into our own paint, never
// passed on.

/// `ESC [ parameters m`, read.
package struct ColorSequence {
  private var parameters: [[Int]]

  /// Reads what follows an ESC; `nil`, with `rest` untouched, when it is not a whole SGR sequence.
  package static func read(_ rest: inout String.UnicodeScalarView.Iterator) -> ColorSequence? {
    var ahead = rest
    guard ahead.next() == "[" else { return nil }
    var groups: [[Int]] = [[0]]
    // 64 scalars hold every sequence that a program writes; a longer one is shown.
    for _ in 0..<64 {
      guard let scalar = ahead.next() else { return nil }
      let last = groups.count - 1
      switch scalar {
      case "0"..."9":
        let digit = Int(scalar.value) - 48
        let index = groups[last].count - 1
        groups[last][index] = min(9999, groups[last][index] * 10 + digit)
      case ";": groups.append([0])
      case ":": groups[last].append(0)
      case "m":
        rest = ahead
        return ColorSequence(parameters: groups)
      default: return nil
      }
    }
    return nil
  }

  /// The paint after this sequence.
  ///
  /// Blinking and concealing are ignored: a log hides nothing.
  package func applied(to paint: CellStyle) -> CellStyle {
    var next = paint
    var index = 0
    while index < parameters.count {
      let group = parameters[index]
      index += 1
      if [38, 48, 58].contains(group[0]) {
        let color = group.count > 1 ? Self.color(Array(group.dropFirst())) : flatColor(&index)
        guard let color else { continue }
        // 58 is the underline's colour, which we do not show, but whose parameters are no codes.
        if group[0] == 38 { next.foreground = color }
        if group[0] == 48 { next.background = color }
      } else if group.count > 1, group[0] == 4, group[1] == 0 {
        next.attributes.remove(.underline)
      } else {
        Self.apply(group[0], to: &next)
      }
    }
    // The same colour in front and behind would hide the text.
    if next.foreground == next.background { next.background = .terminal }
    return next
  }

  /// `38;5;n` and `38;2;r;g;b`, where the colour's parameters stand on their own.
  private func flatColor(_ index: inout Int) -> Color? {
    let rest = parameters[index...].prefix(4).map { $0[0] }
    guard let kind = rest.first else { return nil }
    index += min(rest.count, kind == 5 ? 2 : kind == 2 ? 4 : 1)
    return Self.color(rest)
  }

  private static func color(_ values: [Int]) -> Color? {
    if values.count >= 2, values[0] == 5, let index = UInt8(exactly: values[1]) {
      return .index(index)
    }
    // ITU T.416 has a colour space before the components; most programs leave it out.
    let components = values.dropFirst(values.count >= 5 && values[0] == 2 ? 2 : 1).prefix(3)
    let bytes = components.compactMap { UInt8(exactly: $0) }
    guard values.first == 2, bytes.count == 3 else { return nil }
    return .rgb(bytes[0], bytes[1], bytes[2])
  }

  private static func apply(_ code: Int, to paint: inout CellStyle) {
    switch code {
    case 0: paint = .plain
    case 1: paint.attributes.insert(.bold)
    case 2: paint.attributes.insert(.dim)
    case 4: paint.attributes.insert(.underline)
    case 7: paint.attributes.insert(.reverse)
    case 22: paint.attributes.subtract([.bold, .dim])
    case 24: paint.attributes.remove(.underline)
    case 27: paint.attributes.remove(.reverse)
    case 30...37: paint.foreground = .index(UInt8(code - 30))
    case 39: paint.foreground = .terminal
    case 40...47: paint.background = .index(UInt8(code - 40))
    case 49: paint.background = .terminal
    case 90...97: paint.foreground = .index(UInt8(code - 82))
    case 100...107: paint.background = .index(UInt8(code - 92))
    default: break
    }
  }
}

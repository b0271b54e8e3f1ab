// What a terminal can show of a colour: quantisation is apart from ncurses, so that it is tested.

/// How many colours a terminal has.
package enum ColorDepth: Int, Hashable, Sendable, Comparable {
  case mono = 1
  case eight = 8
  case sixteen = 16
  case indexed = 256

  /// The depth that a terminal with so many colours has.
  package init(colors: Int) {
    self = colors >= 256 ? .indexed : colors >= 16 ? .sixteen : colors >= 8 ? .eight : .mono
  }
  package static func < (left: ColorDepth, right: ColorDepth) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension Color {
  /// The palette's entry that stands for this colour; `nil` is the terminal's own.
  package func index(at depth: ColorDepth) -> Int? {
    switch (self, depth) {
    case (.terminal, _), (_, .mono): nil
    case (.index(let number), .indexed): Int(number)
    case (.index(let number), _) where Int(number) < depth.rawValue: Int(number)
    // A bright colour is shown as its normal form where there are only eight.
    case (.index(let number), .eight) where number < 16: Int(number) - 8
    case (.index(let number), _):
      Self.nearest(to: Self.components(of: number), among: 0..<depth.rawValue)
    case (.rgb(let red, let green, let blue), .indexed):
      // The first 16 belong to the person's own palette: their look is unknown.
      Self.nearest(to: (Int(red), Int(green), Int(blue)), among: 16..<256)
    case (.rgb(let red, let green, let blue), _):
      Self.nearest(to: (Int(red), Int(green), Int(blue)), among: 0..<depth.rawValue)
    }
  }

  private static func nearest(to wanted: (Int, Int, Int), among candidates: Range<Int>) -> Int {
    var best = (index: candidates.lowerBound, distance: Int.max)
    for candidate in candidates {
      let found = components(of: UInt8(candidate))
      let (red, green, blue) = (
        found.0 - wanted.0, found.1 - wanted.1, found.2 - wanted.2
      )
      // The eye is most sensitive to green, least to blue.
      let distance = 3 * red * red + 4 * green * green + 2 * blue * blue
      if distance < best.distance { best = (candidate, distance) }
    }
    return best.index
  }

  /// Red, green and blue of a palette entry as xterm has it by default.
  package static func components(of index: UInt8) -> (Int, Int, Int) {
    let number = Int(index)
    if number < 16 { return sixteen[number] }
    if number >= 232 {
      let grey = 8 + 10 * (number - 232)
      return (grey, grey, grey)
    }
    let cube = number - 16
    let levels = [0, 95, 135, 175, 215, 255]
    return (levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
  }

  /// xterm's defaults: https://invisible-island.net/xterm/manpage/xterm.html (color0…color15).
  private static let sixteen: [(Int, Int, Int)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
    (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255),
    (255, 0, 255), (0, 255, 255), (255, 255, 255),
  ]
}

// Colour pairs, allocated when a pair of colours is first seen.

internal import Canvas
internal import CNcurses

/// The attributes and the pair that show a style on this terminal.
struct Palette {
  let depth: ColorDepth
  private let pairsMax: Int
  private var pairs: [Key: Int32] = [:]

  private struct Key: Hashable {
    var foreground: Int
    var background: Int
  }

  init(depth: ColorDepth, pairsMax: Int) {
    self.depth = depth
    // A pair's number is 31 bits at most in ncurses' extended functions.
    self.pairsMax = min(pairsMax, 65_536)
  }

  /// A style had to do without its colours: `forget` before the next frame.
  private(set) var isExhausted = false

  /// Lets go of every pair.
  ///
  /// Eight colours and the terminal's own have 81 pairs, and terminals of that kind 64: over hours a
  /// log's colours use them up. What is on the screen has to be drawn again.
  mutating func forget() {
    pairs = [:]
    isExhausted = false
  }

  /// The pair for a style's colours; 0, the terminal's own, when there is none left.
  mutating func pair(for style: CellStyle) -> Int32 {
    let key = Key(
      foreground: style.foreground.index(at: depth) ?? -1,
      background: style.background.index(at: depth) ?? -1)
    if key.foreground == -1, key.background == -1 { return 0 }
    if let known = pairs[key] { return known }
    let next = pairs.count + 1
    guard next < pairsMax else {
      isExhausted = true
      return 0
    }
    let number = Int32(next)
    guard nc_init_pair(number, Int32(key.foreground), Int32(key.background)) else { return 0 }
    pairs[key] = number
    return number
  }

  /// ncurses' attribute bits.
  static func attributes(of style: CellStyle) -> UInt32 {
    var bits: UInt32 = 0
    if style.attributes.contains(.bold) { bits |= NC_BOLD }
    if style.attributes.contains(.dim) { bits |= NC_DIM }
    if style.attributes.contains(.reverse) { bits |= NC_REVERSE }
    if style.attributes.contains(.underline) { bits |= NC_UNDERLINE }
    return bits
  }
}

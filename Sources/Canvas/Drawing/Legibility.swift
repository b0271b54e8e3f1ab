// Whether a text's own colours can be read where it is shown: a log that was made for a dark terminal
// is also read on a light theme.

extension CellStyle {
  /// False when both colours are known to be nearly the same; what the terminal decides is trusted.
  ///
  /// The palette's first sixteen count as what xterm shows.
  package var isLegible: Bool {
    guard let front = foreground.brightness, let back = background.brightness else { return true }
    return abs(front - back) >= 40
  }
}

extension Color {
  /// How bright it looks, from 0 to 255 (ITU-R BT.601); `nil` for the terminal's own.
  fileprivate var brightness: Int? {
    switch self {
    case .terminal: return nil
    case .rgb(let red, let green, let blue):
      return (299 * Int(red) + 587 * Int(green) + 114 * Int(blue)) / 1000
    case .index(let index):
      let (red, green, blue) = Color.components(of: index)
      return (299 * red + 587 * green + 114 * blue) / 1000
    }
  }
}

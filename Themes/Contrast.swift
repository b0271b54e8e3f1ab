// Whether letters can be read: contrast as WCAG 2.1 defines it, where a theme fixes both colours.

import Canvas
import Dashboard

/// The contrast of a theme's roles.
enum Contrast {
  /// What the eye needs: ornaments less than text (WCAG 2.1, 1.4.3 and 1.4.11).
  private static func least(for role: Role) -> Double {
    switch role {
    case .text, .title, .fail, .cursor: 4.5
    case .border: 1.5
    default: 3
    }
  }

  /// A sentence for each role that is hard to read.
  ///
  /// Colours of the terminal's own are not judged:
  /// nobody but their owner knows them.
  static func warnings(_ theme: Theme) -> [(role: Role, message: String)] {
    Role.allCases.compactMap { role in
      let style = theme[role]
      guard let front = luminance(style.foreground), let back = luminance(style.background) else {
        return nil
      }
      let ratio = (max(front, back) + 0.05) / (min(front, back) + 0.05)
      let needed = least(for: role)
      guard ratio < needed else { return nil }
      let found = Double(Int(ratio * 10)) / 10
      return (role, "contrast \(found):1 is hard to read; \(needed):1 is needed")
    }
  }

  /// A colour counts as what it is shown as: the nearest of the fixed 240.
  private static func luminance(_ color: Color) -> Double? {
    guard let index = color.index(at: .indexed), index >= 16 else { return nil }
    let parts = Color.components(of: UInt8(index))
    return 0.2126 * linear(parts.0) + 0.7152 * linear(parts.1) + 0.0722 * linear(parts.2)
  }

  /// Powers by squaring of roots would need a mathematics library; a table of sRGB's curve does not.
  private static func linear(_ level: Int) -> Double {
    let value = Double(level) / 255
    guard value > 0.04045 else { return value / 12.92 }
    // x^2.4 as x² · x^0.4, and x^0.4 by Newton's method on y⁵ = x².
    let base = (value + 0.055) / 1.055
    let square = base * base
    var root = 1.0
    for _ in 0..<20 {
      root -= (root * root * root * root * root - square) / (5 * root * root * root * root)
    }
    return square * root
  }
}

// How far the states' colours are from one another for eyes that lack a kind of cone.

import Canvas
import Dashboard
import Glibc
import Testing
import Themes

@Suite struct ColorVisionTests {
  /// States and plain text; each pair has to be told apart.
  private static let roles: [Role] = [.ok, .fail, .wait, .run, .muted, .text]

  @Test(arguments: ColorVision.allCases)
  func `the colour-blind-safe theme keeps its states apart`(vision: ColorVision) throws {
    let theme = try #require(try Themes.bundled("colorblind")).theme
    for (index, role) in Self.roles.enumerated() {
      for other in Self.roles.dropFirst(index + 1) {
        let distance = try vision.distance(theme[role], theme[other])
        #expect(distance >= 20, "\(role) and \(other) for \(vision): \(distance)")
      }
    }
  }

  @Test func `a theme that was not made for it does not, so the measure can tell`() throws {
    let theme = try #require(try Themes.bundled("light")).theme
    #expect(try ColorVision.deuteranopia.distance(theme[.fail], theme[.wait]) < 10)
    #expect(try ColorVision.full.distance(theme[.fail], theme[.wait]) > 30)
  }
}

/// A kind of colour vision, simulated as by Machado, Oliveira and Fernandes (2009, severity 1).
enum ColorVision: CaseIterable {
  case full, protanopia, deuteranopia, tritanopia

  /// On linear red, green and blue.
  private var matrix: [[Double]] {
    switch self {
    case .full: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    case .protanopia:
      [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ]
    case .deuteranopia:
      [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
      ]
    case .tritanopia:
      [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
      ]
    }
  }

  /// The difference of two foregrounds as they are shown, in CIELAB (ΔE 1976; 2.3 is just noticed).
  func distance(_ left: CellStyle, _ right: CellStyle) throws -> Double {
    let (one, other) = try (lab(left), lab(right))
    return zip(one, other).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
  }

  private func lab(_ style: CellStyle) throws -> [Double] {
    let index = try #require(style.foreground.index(at: .indexed))
    let (red, green, blue) = Color.components(of: UInt8(index))
    let linear = [red, green, blue].map { level in
      let value = Double(level) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    let seen = matrix.map { row in min(1, max(0, Self.product(row, linear))) }
    // sRGB to XYZ under D65, each by its white.
    let white = [
      [0.4339, 0.3762, 0.1899], [0.2126, 0.7152, 0.0722], [0.0177, 0.1095, 0.8728],
    ]
    let parts = white.map { row in
      let value = Self.product(row, seen)
      return value > 0.008856 ? pow(value, 1 / 3) : 7.787 * value + 16 / 116
    }
    return [116 * parts[1] - 16, 500 * (parts[0] - parts[1]), 200 * (parts[1] - parts[2])]
  }

  private static func product(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).map { $0 * $1 }.reduce(0, +)
  }
}

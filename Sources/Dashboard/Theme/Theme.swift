// A theme: a style for each role. Where themes come from is no matter of the screen's.

package import Canvas

/// How every role looks.
package struct Theme: Hashable, Sendable {
  package let name: String
  private let styles: [Role: CellStyle]

  /// Roles that are left out look like their basis, and colours that a role leaves out are `text`'s.
  package init(name: String, styles: [Role: CellStyle]) {
    self.name = name
    let text = styles[.text] ?? .plain
    self.styles = Dictionary(
      uniqueKeysWithValues: Role.allCases.map { role in
        let speakers = sequence(first: role, next: \.basis)
        var style = speakers.lazy.compactMap { styles[$0] }.first ?? .plain
        if style.foreground == .terminal { style.foreground = text.foreground }
        if style.background == .terminal { style.background = text.background }
        return (role, style)
      })
  }

  package subscript(role: Role) -> CellStyle { styles[role] ?? .plain }

  /// Attributes alone: for terminals without colour, `NO_COLOR` and `--mono`.
  package static let mono = Theme(
    name: "mono",
    styles: [
      .title: CellStyle(attributes: .bold), .focus: CellStyle(attributes: [.bold, .reverse]),
      .cursor: CellStyle(attributes: .reverse), .mark: CellStyle(attributes: .bold),
      .match: CellStyle(attributes: .underline), .key: CellStyle(attributes: .bold),
      .run: CellStyle(attributes: .bold), .fail: CellStyle(attributes: .bold),
      .muted: CellStyle(attributes: .dim), .border: CellStyle(attributes: .dim),
      .skip: CellStyle(attributes: .dim), .toast: CellStyle(attributes: .bold),
      .toastError: CellStyle(attributes: [.bold, .reverse]),
      .frozen: CellStyle(attributes: .reverse), .paused: CellStyle(attributes: [.bold, .reverse]),
      .replay: CellStyle(attributes: [.underline, .reverse]),
      .escape: CellStyle(attributes: [.reverse]), .spark2: .plain, .spark3: .plain,
    ])
}

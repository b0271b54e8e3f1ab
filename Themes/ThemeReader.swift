// From a YAML node to styles by role; all mistakes at once.

import Canvas
import Dashboard
import Yams

/// Reads one file, and the bundled ones that it inherits from.
struct ThemeReader {
  struct Place {
    var line: Int
    var column: Int
  }
  let file: String

  func styles(
    in yaml: String, ancestors: [String]
  ) throws(ThemeError) -> ([Role: CellStyle], [Role: Place]) {
    let mapping = try mapping(in: yaml)
    var styles: [Role: CellStyle] = [:]
    var places: [Role: Place] = [:]
    var problems: [ThemeProblem] = []
    for (key, value) in mapping {
      let name = key.string ?? ""
      if name == "inherit" {
        do throws(ThemeError) {
          let base = try inherited(value, ancestors: ancestors)
          styles.merge(base) { own, _ in own }
        } catch { problems += error.problems }
      } else if let role = Role(rawValue: name) {
        do throws(StyleReader.Mistake) {
          styles[role] = try style(value, in: yaml)
          places[role] = place(of: value)
        } catch { problems.append(problem(at: value, "\(name): \(error.message)")) }
      } else {
        problems.append(problem(at: key, "no role '\(name)': \(Self.nearest(to: name)) is one"))
      }
    }
    guard problems.isEmpty else { throw ThemeError(problems: problems) }
    return (styles, places)
  }

  private func mapping(in yaml: String) throws(ThemeError) -> Node.Mapping {
    let node: Node?
    do { node = try compose(yaml: yaml) } catch {
      throw ThemeError(problems: [unreadable(error)])
    }
    guard let mapping = node?.mapping else {
      throw ThemeError(problems: [
        ThemeProblem(file: file, line: 1, column: 1, message: "expected lines of `role: style`")
      ])
    }
    return mapping
  }

  private func unreadable(_ error: any Error) -> ThemeProblem {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ThemeProblem(
        file: file, line: mark.line, column: mark.column, message: "this is no YAML: \(problem)")
    default: ThemeProblem(file: file, line: 1, column: 1, message: "this is no YAML: \(error)")
    }
  }

  private func inherited(
    _ value: Node, ancestors: [String]
  ) throws(ThemeError) -> [Role: CellStyle] {
    let name = value.string ?? ""
    guard !ancestors.contains(name) else {
      throw ThemeError(problems: [problem(at: value, "inherit: '\(name)' inherits from itself")])
    }
    guard let source = Themes.source(of: name) else {
      let known = Themes.names.joined(separator: ", ")
      throw ThemeError(problems: [problem(at: value, "inherit: no theme '\(name)': \(known)")])
    }
    let text = String(decoding: source, as: UTF8.self)
    return try ThemeReader(file: "\(name).yaml").styles(in: text, ancestors: ancestors + [name]).0
  }

  private func style(_ value: Node, in yaml: String) throws(StyleReader.Mistake) -> CellStyle {
    if hasLostColor(value, in: yaml) {
      throw StyleReader.Mistake(message: "a colour with # needs quotes: \"#rrggbb\"")
    }
    guard let text = value.scalar?.string, !text.isEmpty else {
      throw StyleReader.Mistake(message: "expected a style: bold red, \"#ff7b72 on #16181d\"")
    }
    return try StyleReader.read(text)
  }

  /// `fail: bold #ff0000` without quotes: YAML takes the colour for a comment.
  private func hasLostColor(_ value: Node, in yaml: String) -> Bool {
    guard let mark = value.mark, value.scalar?.style == .plain else { return false }
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(mark.line - 1) else { return false }
    let line = lines[mark.line - 1]
    guard let hash = line.firstIndex(of: "#") else { return false }
    let digits = line[line.index(after: hash)...].prefix { $0.isHexDigit }
    return digits.utf8.count == 6
  }

  private func place(of node: Node) -> Place {
    Place(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  private func problem(at node: Node, _ message: String) -> ThemeProblem {
    let place = place(of: node)
    return ThemeProblem(file: file, line: place.line, column: place.column, message: message)
  }

  /// The role that shares the longest beginning with a name.
  private static func nearest(to name: String) -> String {
    let roles = Role.allCases.map(\.rawValue)
    return roles.max { $0.commonPrefix(with: name) < $1.commonPrefix(with: name) } ?? roles[0]
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> Int {
    zip(utf8, other.utf8).prefix { $0 == $1 }.count
  }
}

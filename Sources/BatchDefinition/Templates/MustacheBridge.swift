// What the Mustache library gets to see: never the values' own names, and never an escape of HTML.

import BatchModel
import Mustache
import Synchronization

/// Rewrites tokens for the library and answers its questions.
///
/// Every tag is written anew as `{{v<n>}}` (a value) or `{{#s<n>}}` (a section), `n` being its place
/// in `paths`. So names may have any characters, values come already as text, and a value that is
/// missing everywhere is noticed: the library would print nothing.
struct MustacheForm: Sendable {
  let plain: MustacheTemplate
  let shell: MustacheTemplate
  let paths: [[String]]

  init(_ tokens: [TemplateToken]) throws(TemplateError) {
    _ = Self.shellType
    var paths: [[String]] = []
    var text = ""
    for token in tokens { Self.append(token, to: &text, paths: &paths) }
    self.paths = paths
    do {
      // The pragma's own line is dropped as a standalone tag.
      plain = try MustacheTemplate(string: "{{% CONTENT_TYPE: TEXT}}\n" + text)
      shell = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(Self.shellName)}}\n" + text)
    } catch {
      throw .syntax(problem: "the template cannot be read: \(error)", offset: 0)
    }
  }

  func render(
    with values: TemplateValues, isShell: Bool
  ) throws(TemplateError) -> String {
    let problem = FirstProblem()
    let scope = MustacheScope(
      source: .item(values), paths: paths, problem: problem, refusesNul: isShell)
    let text = (isShell ? shell : plain).render(scope)
    if let error = problem.error { throw error }
    return text
  }

  private static func append(
    _ token: TemplateToken, to text: inout String, paths: inout [[String]]
  ) {
    func number(_ path: [String]) -> Int {
      if let known = paths.firstIndex(of: path) { return known }
      paths.append(path)
      return paths.count - 1
    }
    switch token.kind {
    case .text(let constant): text += constant
    case .variable(let path): text += path.isEmpty ? "{{.}}" : "{{v\(number(path))}}"
    case .open(let path, let isInverted):
      text += (isInverted ? "{{^" : "{{#") + (path.isEmpty ? "." : "s\(number(path))") + "}}"
    case .close(let path): text += "{{/" + (path.isEmpty ? "." : "s\(number(path))") + "}}"
    case .comment: text += "{{! }}"
    }
  }

  private static let shellName = "FOOTPLATE-SHELL"
  /// Registered once, before the first template that names it is parsed.
  private static let shellType: Void = MustacheContentTypes.register(
    ShellContent(), named: shellName)
}

private struct ShellContent: MustacheContentType {
  func escapeText(_ text: String) -> String { ShellQuoting.quote(text) }
}

/// The first thing that went wrong during one rendering, which the library cannot throw.
private final class FirstProblem: Sendable {
  private let stored = Mutex<TemplateError?>(nil)
  var error: TemplateError? { stored.withLock { $0 } }
  func note(_ error: TemplateError) { stored.withLock { $0 = $0 ?? error } }
}

/// A value in the library's stack of scopes.
private struct MustacheScope: MustacheParent, MustacheCustomRenderable {
  enum Source {
    case item(TemplateValues)
    case value(JSONValue)
  }
  let source: Source
  let paths: [[String]]
  let problem: FirstProblem
  let refusesNul: Bool

  var renderText: String {
    guard case .value(let value) = source else { return "" }
    return text(of: value, named: ".")
  }
  /// An empty text counts as none, so `{{#feedback}}…{{/feedback}}` says what it means.
  var isNull: Bool {
    guard case .value(let value) = source else { return false }
    return value == .null || value == .string("")
  }

  /// `nil` sends the library on to the scope outside of this one.
  func child(named alias: String) -> Any? {
    guard let number = Int(alias.dropFirst()), paths.indices.contains(number) else { return nil }
    let path = paths[number]
    let isSection = alias.hasPrefix("s")
    guard let value = find(path) else {
      if case .item(let values) = source, !isSection {
        problem.note(.unknownVariable(name: path.dotted, available: values.names))
      }
      return nil
    }
    return isSection ? sectionValue(value) : text(of: value, named: path.dotted)
  }

  private func find(_ path: [String]) -> JSONValue? {
    switch source {
    case .value(let value): return value.member(at: path[...])
    case .item(let values):
      do {
        return try values.value(at: path)
      } catch {
        problem.note(error)
        return .null
      }
    }
  }

  private func sectionValue(_ value: JSONValue) -> Any {
    switch value {
    case .bool(let flag): flag
    case .array(let elements): elements.map(scope)
    case .null, .integer, .number, .string, .object: scope(value)
    }
  }

  private func scope(_ value: JSONValue) -> MustacheScope {
    MustacheScope(source: .value(value), paths: paths, problem: problem, refusesNul: refusesNul)
  }

  private func text(of value: JSONValue, named name: String) -> String {
    let text = value.rendered
    if refusesNul, text.utf8.contains(0) { problem.note(.nulCharacter(variable: name)) }
    return text
  }
}

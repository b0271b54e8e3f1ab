// Renders templates for items: parsed once, then fast for the plain ones.

package import BatchModel
import Mustache
import Synchronization

/// Turns templates and values into texts.
///
/// *Concurrency*: may be used from anywhere; the lock guards the cache alone.
/// *Cost*: a constant is returned as it is; a text of plain values is one concatenation; sections go
/// through the Mustache library.
package final class TemplateRenderer: Sendable {
  private enum Form: Sendable {
    case segments([Segment])
    case mustache(MustacheForm)
  }
  private enum Segment: Sendable {
    case text(String)
    case value([String])
  }

  /// Definitions have dozens of templates; past this the cache starts anew.
  private static let cachedMax = 1024
  private let cache = Mutex<[String: Form]>([:])

  package init() {}

  /// The text of `template` for `values`.
  ///
  /// - Throws: `unknownVariable` and `unreadable`, which concern this item alone; `syntax` for a
  ///   template that was not made by `Template(parsing:)`.
  package func render(
    _ template: Template, with values: TemplateValues
  ) throws(TemplateError) -> String {
    try render(template, with: values, isShell: false)
  }

  /// The value of a template that is nothing but one variable, with its type; of any other one its
  /// text.
  package func value(
    of template: Template, with values: TemplateValues
  ) throws(TemplateError) -> JSONValue {
    if case .segments(let segments) = try form(of: template.source), segments.count == 1,
      case .value(let path) = segments[0]
    {
      guard let value = try values.value(at: path) else {
        throw .unknownVariable(name: path.dotted, available: values.names)
      }
      return value
    }
    return .string(try render(template, with: values))
  }

  /// The text with every value quoted for `/bin/sh`; the template's own text stays as it is.
  ///
  /// - Throws: also `nulCharacter`.
  package func renderShell(
    _ template: Template, with values: TemplateValues
  ) throws(TemplateError) -> String {
    try render(template, with: values, isShell: true)
  }

  /// The argument vector of `command`; a shell text becomes `/bin/sh -c <text>`.
  ///
  /// Never empty for a loaded definition.
  package func arguments(
    of command: Command, with values: TemplateValues
  ) throws(TemplateError) -> [String] {
    switch command {
    case .shell(let template):
      return ["/bin/sh", "-c", try renderShell(template, with: values)]
    case .arguments(let templates):
      var words: [String] = []
      words.reserveCapacity(templates.count)
      for template in templates {
        let word = try render(template, with: values)
        guard !word.utf8.contains(0) else {
          throw .nulCharacter(variable: template.variables.first ?? "")
        }
        words.append(word)
      }
      return words
    }
  }

  private func render(
    _ template: Template, with values: TemplateValues, isShell: Bool
  ) throws(TemplateError) -> String {
    switch try form(of: template.source) {
    case .mustache(let form): return try form.render(with: values, isShell: isShell)
    case .segments(let segments):
      var text = ""
      for segment in segments {
        switch segment {
        case .text(let constant): text += constant
        case .value(let path): text += try Self.text(path, values, isShell: isShell)
        }
      }
      return text
    }
  }

  private static func text(
    _ path: [String], _ values: TemplateValues, isShell: Bool
  ) throws(TemplateError) -> String {
    guard let value = try values.value(at: path) else {
      throw .unknownVariable(name: path.dotted, available: values.names)
    }
    let text = value.rendered
    guard isShell else { return text }
    guard !text.utf8.contains(0) else { throw .nulCharacter(variable: path.dotted) }
    return ShellQuoting.quote(text)
  }

  private func form(of source: String) throws(TemplateError) -> Form {
    if let known = cache.withLock({ $0[source] }) { return known }
    let form = try Self.compile(source)
    cache.withLock { cache in
      if cache.count >= Self.cachedMax { cache.removeAll() }
      cache[source] = form
    }
    return form
  }

  private static func compile(_ source: String) throws(TemplateError) -> Form {
    let tokens = try TemplateParser.parse(source)
    var segments: [Segment] = []
    for token in tokens {
      switch token.kind {
      case .text(let text): segments.append(.text(text))
      case .variable(let path): segments.append(.value(path))
      case .open, .close, .comment: return .mustache(try MustacheForm(tokens))
      }
    }
    return .segments(segments)
  }
}

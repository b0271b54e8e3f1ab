// Prompts: a file or the text itself, decided by how they are written.

import BatchModel

extension BatchDecoder {
  /// - Parameter name: What messages call it.
  func prompt(
    _ value: CheckedValue, name: String = "prompt", in scope: VariableScope
  ) -> Template? {
    guard case .text(let text, let isBlock) = value.content else { return nil }
    switch PromptForm(text, isBlock: isBlock) {
    case .inline: return template(value, in: scope)
    case .pathWithVariables:
      log.note(
        value.position,
        "the \(name)'s path has variables; expected one file for all items, with variables in its "
          + "text")
      return nil
    case .path:
      guard let content = fileText(text, name, at: value.position) else { return nil }
      return templates.template(TemplateText(text: content, origin: .file(text)), in: scope)
    case .pathIfExists:
      // A file that is not there is no mistake here: the word is then the prompt itself.
      guard let content = try? content(of: text) else { return template(value, in: scope) }
      return templates.template(TemplateText(text: content, origin: .file(text)), in: scope)
    }
  }
}

/// Whether a prompt is a path or the text itself.
private enum PromptForm {
  case inline, path, pathIfExists, pathWithVariables

  init(_ text: String, isBlock: Bool) {
    let hasVariables = text.contains("{{")
    let isOneWord = !text.contains { $0.isWhitespace }
    let looksLikeFile = text.hasSuffix(".md") || text.hasSuffix(".txt")
    if isBlock || text.contains(where: \.isNewline) {
      self = .inline
    } else if looksLikeFile, hasVariables, isOneWord {
      self = .pathWithVariables
    } else if looksLikeFile, !hasVariables {
      self = .path
    } else {
      self = isOneWord && !hasVariables ? .pathIfExists : .inline
    }
  }
}

// From a text to the model's template: the one place where `Template.variables` is computed.

package import BatchModel

extension Template {
  /// Reads a Mustache text.
  ///
  /// - Throws: `TemplateError.syntax`.
  package init(parsing source: String) throws(TemplateError) {
    self.init(source: source, tokens: try TemplateParser.parse(source))
  }

  init(source: String, tokens: [TemplateToken]) {
    var seen: Set<String> = []
    var variables: [String] = []
    for token in tokens {
      switch token.kind {
      case .variable(let path) where !path.isEmpty, .open(let path, _) where !path.isEmpty:
        if seen.insert(path.dotted).inserted { variables.append(path.dotted) }
      case .variable, .open, .close, .text, .comment: break
      }
    }
    self.init(source: source, variables: variables)
  }
}

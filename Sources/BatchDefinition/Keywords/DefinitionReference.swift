// The keyword table as tables of a document, so that what is written about the definition is what
// validates it.

/// The definition's reference in Markdown.
package enum DefinitionReference {
  /// A table for each group of keys, the document's own first, each group once.
  package static var markdown: String {
    var known: Set<String> = []
    return tables(of: Keywords.batch, &known).joined(separator: "\n")
  }

  private static func tables(of group: KeywordGroup, _ known: inout Set<String>) -> [String] {
    guard known.insert(group.title).inserted else { return [] }
    var rows = [
      "#### \(group.title)", "", "| key | takes | default | what it means |", "|---|---|---|---|",
    ]
    let isStep = group.title == Keywords.step.title
    let inherited = Set(Keywords.inherited(byStep: true).map(\.name))
    for keyword in group.keywords where !(isStep && inherited.contains(keyword.name)) {
      rows.append(row(keyword, in: group))
    }
    if isStep {
      let names = group.keywords.map(\.name).filter(inherited.contains).map { "`\($0)`" }
      rows.append(
        "| \(names.joined(separator: " ")) | | the batch's | the same, for this step alone |")
    }
    var all = [rows.joined(separator: "\n") + "\n"]
    for keyword in group.keywords {
      for inner in groups(in: keyword.type) { all += tables(of: inner, &known) }
    }
    return all
  }

  private static func row(_ keyword: Keyword, in group: KeywordGroup) -> String {
    let standard =
      switch keyword.standard {
      case let standard?: "`\(standard.text)`"
      case nil where keyword.isRequired: "required"
      case nil where group.exactlyOne.contains(keyword.name): "exactly one of these"
      case nil: ""
      }
    var meaning = keyword.meaning
    if !keyword.onlyWith.isEmpty {
      meaning += " Only with " + keyword.onlyWith.map { "`\($0)`" }.joined(separator: " or ") + "."
    }
    let cells = ["`\(keyword.name)`", words(for: keyword.type), standard, meaning]
    return "| " + cells.map(escaped).joined(separator: " | ") + " |"
  }

  /// A bar would end the table's cell, and two stars would begin bold letters.
  static func escaped(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("**", with: "`**`")
  }

  private static func groups(in type: ValueType) -> [KeywordGroup] {
    switch type {
    case .group(let group): [group]
    case .list(let inner, _), .oneOrMore(let inner, _), .map(let inner, _, _): groups(in: inner)
    case .either(let inner, let group): groups(in: inner) + [group]
    case .name, .text, .template, .command, .regex, .path, .integer, .duration, .size, .share,
      .yes, .flag, .money, .price, .url, .pointer, .json, .oneOf, .listedItem:
      []
    }
  }

  static func words(for type: ValueType) -> String {
    switch type {
    case .name(let rule): rule.expected
    case .text: "a text"
    case .template: "a template"
    case .command: "a list of arguments, or a shell text; templates"
    case .regex: "a regular expression"
    case .path: "a path"
    case .integer(let range) where range.count == 1: "\(range.lowerBound)"
    case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .duration(_, let orOff): orOff ? "a duration, or `off`" : "a duration"
    case .size: "a size: `50MB`, `512KiB`"
    case .share: "a share: `20%`, `0.2`"
    case .yes: "`true`"
    case .flag: "`true`, `false`"
    case .money: "USD: `40`, `0.50`"
    case .price: "USD for a million tokens: `3.00`"
    case .url: "an http or https address"
    case .pointer: "a JSON pointer: `/result`"
    case .json: "names with values of any shape"
    case .oneOf(let names): names.map { "`\($0)`" }.joined(separator: ", ")
    case .list(let inner, let thing): listWords(inner, thing)
    case .oneOrMore(let inner, _): "\(words(for: inner)), or a list of them"
    case .map(let inner, _, _): "names, each with \(words(for: inner))"
    case .group(let group): "the keys of *\(group.title)*"
    case .either(let inner, let group): "\(words(for: inner)), or the keys of *\(group.title)*"
    case .listedItem: "a text, or names with values"
    }
  }

  private static func listWords(_ inner: ValueType, _ thing: String) -> String {
    guard case .group = inner else { return "a list: \(words(for: inner))" }
    // Things are named with their article: `a step`.
    return "a list of \(thing.split(separator: " ").last ?? "value")s"
  }
}

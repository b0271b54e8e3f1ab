// Reads the definition's templates and notes what is wrong in them at its own place in the text.

import BatchModel

/// A text with the place that it was written at.
struct TemplateText {
  enum Origin {
    /// In the definition, beginning at a node's place.
    case definition(Position)
    /// The whole of another file.
    case file(String)
  }
  var text: String
  var origin: Origin
}

/// Parses templates and compares their variables with what is known.
struct TemplateReader {
  let log: MistakeLog
  /// The definition's own text.
  let source: String

  /// - Parameter isShell: Whether the text is a shell's, with every value quoted.
  func template(
    _ text: TemplateText, in scope: VariableScope, isShell: Bool = false
  ) -> Template? {
    let tokens: [TemplateToken]
    do throws(TemplateError) {
      tokens = try TemplateParser.parse(text.text)
    } catch {
      guard case .syntax(let problem, let offset) = error else { return nil }
      note(problem, text, at: offset..<min(offset + 2, text.text.utf8.count))
      return nil
    }
    checkVariables(tokens, of: text, in: scope)
    if isShell { checkQuotes(tokens, of: text) }
    return Template(source: text.text, tokens: tokens)
  }

  /// Variables inside a section may belong to the section's value, if that can have fields.
  private func checkVariables(
    _ tokens: [TemplateToken], of text: TemplateText, in scope: VariableScope
  ) {
    var sections: [Bool] = []
    for token in tokens {
      let isLenient = sections.contains(true)
      switch token.kind {
      case .variable(let path):
        check(path, token, of: text, in: scope, isLenient: isLenient)
      case .open(let path, let isInverted):
        check(path, token, of: text, in: scope, isLenient: isLenient)
        sections.append(!isInverted && scope.mayHaveFields(path))
      case .close: _ = sections.popLast()
      case .text, .comment: break
      }
    }
  }

  private func check(
    _ path: [String], _ token: TemplateToken, of text: TemplateText, in scope: VariableScope,
    isLenient: Bool
  ) {
    guard !isLenient, let problem = scope.problem(with: path) else { return }
    note(problem, text, at: token.range)
  }

  private func checkQuotes(_ tokens: [TemplateToken], of text: TemplateText) {
    var state = ShellQuoteState()
    for token in tokens {
      switch token.kind {
      case .text(let constant): state.read(constant)
      case .comment: break
      case .variable(let path):
        checkQuotes(state, token, "{{\(path.dotted)}}", of: text)
        state.readValue()
      case .open(let path, _): checkQuotes(state, token, "{{#\(path.dotted)}}", of: text)
      case .close(let path): checkQuotes(state, token, "{{/\(path.dotted)}}", of: text)
      }
    }
  }

  private func checkQuotes(
    _ state: ShellQuoteState, _ token: TemplateToken, _ tag: String, of text: TemplateText
  ) {
    guard let refusal = state.refusal else { return }
    note(
      "\(tag) stands \(refusal); expected it outside of quotes, since every value is quoted already",
      text, at: token.range)
  }

  /// Notes a problem at the place of some bytes of a template.
  private func note(_ problem: String, _ text: TemplateText, at range: Range<Int>) {
    // Finding the place costs a pass over the text.
    guard !log.isFull else { return log.note(Position(line: 1, column: 1), problem) }
    switch text.origin {
    case .file(let path):
      let index = text.text.utf8.index(text.text.startIndex, offsetBy: range.lowerBound)
      log.note(text.text.position(of: index), problem, in: path)
    case .definition(let start):
      log.note(place(of: range, in: text.text, from: start), problem)
    }
  }

  /// The definition shows a template with quotes, escapes and indentation; so the same tag is
  /// looked for from the node's start on, as often as it occurs before.
  private func place(of range: Range<Int>, in text: String, from start: Position) -> Position {
    let bytes = Array(text.utf8)
    let tag = Array(bytes[range])
    let earlier = Self.count(of: tag, in: bytes[..<range.lowerBound])
    guard let from = source.scalarIndex(of: start), !tag.isEmpty else { return start }
    var rest = Array(source.utf8)[source.utf8.distance(from: source.startIndex, to: from)...]
    for repetition in 0...earlier {
      guard let found = Self.first(tag, in: rest) else { return start }
      if repetition == earlier {
        let index = source.utf8.index(source.startIndex, offsetBy: found)
        return source.position(of: index)
      }
      rest = rest[(found + tag.count)...]
    }
    return start
  }

  private static func count(of tag: [UInt8], in bytes: ArraySlice<UInt8>) -> Int {
    var count = 0
    var rest = bytes
    while let found = first(tag, in: rest) {
      count += 1
      rest = rest[(found + tag.count)...]
    }
    return count
  }

  private static func first(_ tag: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= tag.count else { return nil }
    return (bytes.startIndex...(bytes.endIndex - tag.count)).first { start in
      bytes[start..<(start + tag.count)].elementsEqual(tag)
    }
  }
}

// A mistake in the definition, at its place, and all of them together.

/// A place in a text file.
package struct Position: Hashable, Sendable, Comparable {
  /// From 1.
  package var line: Int
  /// From 1, counted in Unicode scalars.
  package var column: Int
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
  package static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One thing that is wrong in a definition or in a file that it names.
package struct Mistake: Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    case invalid
    /// A model that is paid by tokens and of which nobody knows the price.
    case unknownPrice
  }
  package var kind: Kind
  package var file: String
  package var position: Position
  /// What is wrong, what was expected, and the nearest valid name.
  package var message: String
  package init(file: String, position: Position, message: String, kind: Kind = .invalid) {
    self.kind = kind
    self.file = file
    self.position = position
    self.message = message
  }
  /// `file:line:column: message`.
  package var description: String {
    "\(file):\(position.line):\(position.column): \(message)"
  }
}

/// Why a definition was not loaded.
package struct DefinitionErrors: Error, Hashable, Sendable, CustomStringConvertible {
  /// Every mistake, at least one, in the order of the text.
  package let mistakes: [Mistake]
  package init(_ mistakes: [Mistake]) {
    precondition(!mistakes.isEmpty, "a definition is refused for a reason")
    self.mistakes = mistakes
  }
  /// One mistake a line.
  package var description: String { mistakes.map(\.description).joined(separator: "\n") }
}

/// Gathers the mistakes of one definition.
final class MistakeLog {
  /// A file full of nonsense is not worth more.
  private static let mistakesMax = 200
  let file: String
  private(set) var mistakes: [Mistake] = []
  private var unshownCount = 0

  init(file: String) { self.file = file }

  /// Whether further mistakes are only counted.
  var isFull: Bool { mistakes.count >= Self.mistakesMax }

  func note(
    _ position: Position, _ message: String, in otherFile: String? = nil,
    kind: Mistake.Kind = .invalid
  ) {
    guard !isFull else {
      unshownCount += 1
      return
    }
    let mistake = Mistake(
      file: otherFile ?? file, position: position, message: message, kind: kind)
    if !mistakes.contains(mistake) { mistakes.append(mistake) }
  }

  /// All mistakes as one error, those of the definition itself first; `nil` if there are none.
  var errors: DefinitionErrors? {
    var sorted = mistakes.sorted { left, right in
      let leftIsOther = left.file != file
      let rightIsOther = right.file != file
      if leftIsOther != rightIsOther { return rightIsOther }
      return (left.file, left.position) < (right.file, right.position)
    }
    guard let last = sorted.last else { return nil }
    if unshownCount > 0 {
      sorted.append(
        Mistake(
          file: last.file, position: last.position,
          message: "\(unshownCount) more mistakes are not shown"))
    }
    return DefinitionErrors(sorted)
  }
}

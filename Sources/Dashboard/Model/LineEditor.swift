// One line of typing: the filter, a search, a count to confirm.

package import Canvas

/// A text with a cursor in it.
package struct LineEditor: Hashable, Sendable {
  package private(set) var scalars: [Unicode.Scalar]
  package private(set) var cursor: Int
  /// All of it is selected: the first character that is typed takes its place.
  package private(set) var isSelected = false

  /// Longer input is not taken.
  package static let lengthMax = 200

  package init(_ text: String = "") {
    scalars = Array(text.unicodeScalars.prefix(Self.lengthMax))
    cursor = scalars.count
  }

  /// A text that was there before, to be replaced or edited.
  package init(replacing text: String) {
    self.init(text)
    isSelected = !scalars.isEmpty
  }

  package var text: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// Takes a key that edits; false when the key means something else.
  package mutating func take(_ key: Key) -> Bool {
    let wasSelected = isSelected
    switch key {
    case .character(let scalar):
      if wasSelected { clear() }
      insert(scalar)
    case .backspace:
      if cursor > 0 {
        cursor -= 1
        scalars.remove(at: cursor)
      }
    case .delete: if cursor < scalars.count { scalars.remove(at: cursor) }
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(scalars.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = scalars.count
    case .control("u"):
      scalars.removeFirst(cursor)
      cursor = 0
    default: return false
    }
    isSelected = false
    return true
  }

  private mutating func clear() {
    scalars = []
    cursor = 0
    isSelected = false
  }

  /// Pasted text, without its control characters.
  package mutating func paste(_ text: String) {
    if isSelected { clear() }
    for scalar in text.unicodeScalars where scalar.value >= 0x20 && scalar.value != 0x7F {
      insert(scalar)
    }
  }

  private mutating func insert(_ scalar: Unicode.Scalar) {
    guard scalars.count < Self.lengthMax else { return }
    scalars.insert(scalar, at: cursor)
    cursor += 1
  }
}

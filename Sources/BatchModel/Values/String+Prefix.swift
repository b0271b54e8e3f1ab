// A text cut to a number of bytes, for what is stored and must not grow without bound.

extension String {
  /// The longest beginning of whole characters with at most so many bytes of UTF-8.
  package func prefix(bytes count: Int) -> String {
    guard utf8.count > count else { return self }
    var kept = ""
    var bytes = 0
    for character in self {
      bytes += character.utf8.count
      guard bytes <= count else { break }
      kept.append(character)
    }
    return kept
  }
}

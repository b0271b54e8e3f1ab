// Which word of a list somebody meant who typed another one.

/// Words compared by how many letters have to change.
enum NearestWord {
  /// The word with the fewest changes, the first of equals; `nil` of none, and when more than half of
  /// the letters would have to change.
  static func of(_ typed: String, among words: [String]) -> String? {
    let letters = Array(typed.lowercased().unicodeScalars.prefix(LineEditor.lengthMax))
    let distances = words.map { changes(letters, Array($0.lowercased().unicodeScalars)) }
    guard let least = distances.min(), let index = distances.firstIndex(of: least) else {
      return nil
    }
    return least * 2 <= max(letters.count, 2) ? words[index] : nil
  }

  private static func changes(_ from: [Unicode.Scalar], _ to: [Unicode.Scalar]) -> Int {
    var costs = Array(0...to.count)
    for (row, letter) in from.enumerated() {
      var diagonal = costs[0]
      costs[0] = row + 1
      for (column, other) in to.enumerated() {
        let kept = diagonal + (letter == other ? 0 : 1)
        diagonal = costs[column + 1]
        costs[column + 1] = min(kept, diagonal + 1, costs[column] + 1)
      }
    }
    return costs[to.count]
  }
}

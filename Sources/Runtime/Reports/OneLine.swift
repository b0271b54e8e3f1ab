// Names and messages of others, for places that show one line: reports, notices, a unit's description.

extension String {
  /// One line without control characters: names and messages may come from a model.
  var inOneLine: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }
}

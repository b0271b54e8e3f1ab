// Comma-separated values (RFC 4180) that are safe to open in a spreadsheet.

enum CSVText {
  /// One row with its line break.
  static func row(_ fields: [String]) -> String {
    fields.map(field).joined(separator: ",") + "\n"
  }

  /// A text that a spreadsheet would run as a formula begins with an apostrophe; a number is none.
  private static func field(_ text: String) -> String {
    var text = plain(text)
    if let first = text.first, "=+-@\t\r".contains(first), Double(text) == nil { text = "'" + text }
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  /// Control characters other than line breaks and tabs are for a terminal, and no part of a table.
  private static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          let isControl = scalar.properties.generalCategory == .control
          return isControl && !"\n\r\t".unicodeScalars.contains(scalar) ? "\u{FFFD}" : scalar
        }))
  }
}

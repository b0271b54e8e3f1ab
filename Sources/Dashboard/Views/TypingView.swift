// A line that is being typed, in the room that there is: what is typed stays in view, whatever the label.

import Canvas

enum TypingView {
  /// The label, the text with its cursor, all of it in the cursor's role where a key replaces it.
  static func spans(_ label: String, _ editor: LineEditor) -> [Span] {
    if editor.isSelected { return [Span(label, .key), Span(editor.text, .cursor)] }
    let before = String(String.UnicodeScalarView(editor.scalars.prefix(editor.cursor)))
    let under = editor.scalars.dropFirst(editor.cursor).first.map { String(Character($0)) } ?? " "
    let after = String(String.UnicodeScalarView(editor.scalars.dropFirst(editor.cursor + 1)))
    return [Span(label, .key), Span(before), Span(under, .cursor), Span(after)]
  }

  /// The spans of a line whose cursor, or whose problem, would stand outside: the label gives way
  /// first, then what is typed before the cursor.
  static func fitted(_ spans: [Span], columns: Int) -> [Span] {
    guard let cursor = spans.firstIndex(where: { $0.role == .cursor }), cursor > 0 else {
      return spans
    }
    var spans = spans
    let labelColumns = SafeText(spans[0].text).columns
    if spans.last?.role == .fail {
      shorten(&spans[0], by: width(spans[...]) - columns, to: min(labelMin, labelColumns))
    }
    for index in 0...cursor {
      let least = index == 0 ? min(labelMin, labelColumns) : index == cursor ? columns / 2 : 0
      shorten(&spans[index], by: width(spans[...cursor]) - columns, to: least)
    }
    return spans
  }

  /// So much of a label's end stays.
  private static let labelMin = 10

  private static func width(_ spans: ArraySlice<Span>) -> Int {
    spans.reduce(0) { $0 + SafeText($1.text).columns }
  }

  /// Takes scalars from the front until so many columns are saved, or no more than so many are left.
  private static func shorten(_ span: inout Span, by excess: Int, to least: Int) {
    guard excess > 0 else { return }
    let before = SafeText(span.text).columns
    let goal = max(least, before - excess)
    var scalars = Substring(span.text).unicodeScalars
    while !scalars.isEmpty, SafeText(String(scalars)).columns > goal { scalars.removeFirst() }
    span.text = String(scalars)
  }
}

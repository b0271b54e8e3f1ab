// The names of an item's tabs in the room that its title leaves.

import Canvas

enum ItemTabNames {
  /// The longest form that fits: all names, short ones, at last the shown one alone with its place.
  static func spans(_ tabs: [ItemTab], shown: ItemTab, columns: Int) -> [Span] {
    let forms = [spans(tabs, shown, \.rawValue), spans(tabs, shown, \.shortName)]
    if let fitting = forms.first(where: { width($0) <= columns }) { return fitting }
    guard let index = tabs.firstIndex(of: shown) else { return [] }
    return [Span("[\(shown.rawValue)]", .key), Span(" \(index + 1) of \(tabs.count)", .muted)]
  }

  static func width(_ spans: [Span]) -> Int { spans.reduce(0) { $0 + SafeText($1.text).columns } }

  /// The brackets of the shown one stand where the others have their gaps.
  private static func spans(
    _ tabs: [ItemTab], _ shown: ItemTab, _ name: (ItemTab) -> String
  ) -> [Span] {
    var spans: [Span] = []
    for (index, tab) in tabs.enumerated() {
      let isAfterShown = index > 0 && tabs[index - 1] == shown
      if tab == shown {
        spans.append(Span("[\(name(tab))]", .key))
      } else {
        spans.append(Span((isAfterShown ? "" : " ") + name(tab), .muted))
      }
    }
    return spans
  }
}

extension ItemTab {
  fileprivate var shortName: String {
    switch self {
    case .receipts: "rcpt"
    case .answer: "answ"
    case .prompt: "prmt"
    case .log, .tries, .diff, .why: rawValue
    }
  }
}

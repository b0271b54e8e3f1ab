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

  private static func spans(
    _ tabs: [ItemTab], _ shown: ItemTab, _ name: (ItemTab) -> String
  ) -> [Span] {
    tabs.enumerated().map { index, tab in
      let gap = index > 0 ? " " : ""
      return tab == shown ? Span("\(gap)[\(name(tab))]", .key) : Span(gap + name(tab), .muted)
    }
  }
}

extension ItemTab {
  /// The tab that a title names, in full or in short.
  init?(named name: String) {
    guard let tab = Self.allCases.first(where: { $0.rawValue == name || $0.shortName == name })
    else { return nil }
    self = tab
  }

  fileprivate var shortName: String {
    switch self {
    case .receipts: "rcpt"
    case .answer: "answ"
    case .prompt: "prmt"
    case .log, .tries, .diff, .why: rawValue
    }
  }
}

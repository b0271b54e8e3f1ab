// `y`: what is selected, as text for the clipboard.

import BatchModel

extension DashboardModel {
  mutating func yank() -> [DashboardCommand] {
    switch yanked {
    case .success(let yanked): return [.yank(yanked.text, what: yanked.what)]
    case .failure(let reason):
      say("\(key(.yank)) yank: \(reason.text)")
      return []
    }
  }

  /// What would be copied, and as what.
  private var yanked: Result<(text: String, what: String), NoTargets> {
    switch focus {
    case .queue:
      guard let row = selectedItem else { return .failure(NoTargets("no item is selected")) }
      return .success((row.key, row.key))
    case .item: return yankedTab
    case .failures:
      guard let group = selectedGroup else { return .failure(NoTargets("no group is selected")) }
      return .success((group.signature.text, "\(group.name)'s signature"))
    case .doctor:
      guard let finding = selectedFinding else { return .failure(NoTargets("nothing was found")) }
      return .success(
        finding.command.map { ($0, $0) } ?? (finding.remedy, "what \(finding.code.rawValue) needs"))
    case .breakers, .waits, .cost, .sync:
      guard let row = selectedGaugeRow(of: focus) else {
        return .failure(NoTargets("there is nothing to copy"))
      }
      return .success((row, row))
    }
  }

  private var yankedTab: Result<(text: String, what: String), NoTargets> {
    guard selectedItem != nil else { return .failure(NoTargets("no item is selected")) }
    let lines: [String]
    if item.tab == .log {
      lines = log.lines.map { String(decoding: $0, as: UTF8.self) }
    } else {
      lines = ItemFacts.lines(of: self, tab: item.tab).map { $0.map(\.text).joined() }
    }
    guard !lines.isEmpty else { return .failure(NoTargets("the tab is empty")) }
    let count = lines.count == 1 ? "1 line" : "\(Wording.count(lines.count)) lines"
    return .success((lines.joined(separator: "\n"), "\(item.tab.rawValue), \(count)"))
  }
}

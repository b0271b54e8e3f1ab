// Keys on a menu and on the list of themes.

import Canvas

extension DashboardModel {
  mutating func press(_ key: Key, on menu: Menu) -> [DashboardCommand] {
    var menu = menu
    let last = max(0, menu.entries.count - 1)
    switch key {
    case .down, .tab: menu.index = min(last, menu.index + 1)
    case .up, .backTab: menu.index = max(0, menu.index - 1)
    case .home: menu.index = 0
    case .end: menu.index = last
    case .enter:
      guard menu.entries.indices.contains(menu.index) else {
        overlay = nil
        return []
      }
      overlay = .menu(menu)
      return choose(menu.entries[menu.index])
    default:
      if let entry = menu.entries.first(where: { key == .character($0.key) }) {
        return choose(entry)
      }
      overlay = nil
      return []
    }
    overlay = .menu(menu)
    return []
  }

  /// An entry that cannot work says why, and leaves the menu open.
  private mutating func choose(_ entry: Menu.Entry) -> [DashboardCommand] {
    if let reason = reasonAgainst(entry.errand) {
      say("\(entry.label): \(reason)")
      return []
    }
    overlay = nil
    toast = nil
    return run(entry.errand)
  }

  mutating func press(_ key: Key, on picker: ThemePicker) -> [DashboardCommand] {
    var picker = picker
    let last = max(0, picker.names.count - 1)
    switch key {
    case .character("j"), .down, .tab: picker.index = min(last, picker.index + 1)
    case .character("k"), .up, .backTab: picker.index = max(0, picker.index - 1)
    case .character("g"), .home: picker.index = 0
    case .character("G"), .end: picker.index = last
    case .enter:
      overlay = nil
      say("theme \(theme)")
      return []
    default:
      overlay = nil
      guard theme != picker.original else { return [] }
      theme = picker.original
      return [.setTheme(theme)]
    }
    return show(picker)
  }

  /// Shows the theme that the list stands at.
  mutating func show(_ picker: ThemePicker) -> [DashboardCommand] {
    overlay = .themes(picker)
    guard picker.names.indices.contains(picker.index), picker.names[picker.index] != theme else {
      return []
    }
    theme = picker.names[picker.index]
    return [.setTheme(theme)]
  }
}

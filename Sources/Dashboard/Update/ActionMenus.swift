// What can be done in each panel, as the menu that `A` opens.

import BatchModel
import Resilience

extension DashboardModel {
  /// The menu of the panel that has the focus.
  package var actionMenu: Menu {
    let title = PanelDescriptor.of(focus)?.name ?? ""
    switch focus {
    case .queue, .item:
      return Menu(selectedItem?.key ?? title, itemActions + queueActions)
    case .failures: return Menu(selectedGroup?.name ?? title, groupActions)
    case .breakers:
      let provider = selectedProvider
      return Menu(provider ?? title, provider.map { breakerActions($0) + holdActions($0) } ?? [])
    case .waits:
      let provider = selectedProvider
      return Menu(provider ?? title, provider.map(holdActions) ?? [])
    case .cost: return Menu(title, costActions)
    case .sync: return Menu(title, syncActions)
    case .doctor: return Menu(title, doctorActions)
    }
  }

  /// The provider that the selected line of a gauge is about.
  private var selectedProvider: String? {
    let row = selectedGaugeRow(of: focus)
    return gates.first { $0.provider == row }?.provider
  }

  private var itemActions: [Menu.Entry] {
    [
      Menu.Entry("r", "retry", .intent(.retry)),
      Menu.Entry("f", "retry from a step…", .menu(stepsMenu)),
      Menu.Entry("s", "skip", .intent(.skip)), Menu.Entry("x", "cancel", .intent(.cancel)),
      Menu.Entry("n", "note", .intent(.note)),
    ]
  }

  private var stepsMenu: Menu {
    // A digit each, as many as there are.
    let entries = zip(steps.indices, "123456789".unicodeScalars).map { index, digit in
      Menu.Entry(digit, "from \(steps[index]) on", .retryFrom(step: index))
    }
    return Menu("Retry", entries)
  }

  private var queueActions: [Menu.Entry] {
    var entries: [Menu.Entry] = []
    if let row = selectedItem, steps.indices.contains(row.step) {
      entries += holdActions(.step(steps[row.step]))
    }
    return entries + [Menu.Entry("p", "attempts at a time…", .askForParallel)]
  }

  private var groupActions: [Menu.Entry] {
    [
      Menu.Entry("r", "retry", .intent(.retry)), Menu.Entry("s", "skip", .intent(.skip)),
      Menu.Entry("f", "retry everything that failed", .intent(.retryAllFailed)),
      Menu.Entry("n", "note", .intent(.note)),
    ]
  }

  private func breakerActions(_ provider: String) -> [Menu.Entry] {
    [
      Menu.Entry("o", "open: reject every call", .deed(.breaker(provider, .isolate))),
      Menu.Entry("c", "close now; it decides by itself again", .deed(.breaker(provider, .close))),
      Menu.Entry("d", "let everything through", .deed(.breaker(provider, .disable))),
    ]
  }

  private func holdActions(_ provider: String) -> [Menu.Entry] { holdActions(.provider(provider)) }

  private func holdActions(_ hold: Hold) -> [Menu.Entry] {
    [
      Menu.Entry("h", "hold \(hold)", .deed(.hold(hold))),
      Menu.Entry("l", "release \(hold)", .deed(.release(hold))),
    ]
  }

  private var costActions: [Menu.Entry] { [Menu.Entry("c", "set the cap…", .intent(.raiseCap))] }

  private var syncActions: [Menu.Entry] {
    [
      Menu.Entry(
        "s", "deliver now", .deed(Deed(.request(.sync), name: "deliver the events", grace: .zero)))
    ]
  }

  private var doctorActions: [Menu.Entry] {
    var entries: [Menu.Entry] = []
    if let finding = selectedFinding {
      entries = [
        Menu.Entry("p", "preview the fix of \(finding.code.rawValue)", .preview(finding.id)),
        Menu.Entry("f", "fix \(finding.code.rawValue)", .fix(finding.code)),
      ]
    }
    return entries + [
      Menu.Entry("s", "fix all that is safe", .fix(nil)),
      Menu.Entry("e", "examine everything", .examine),
      Menu.Entry(
        "u", "take the last fix back", .deed(Deed(.undoFix, name: "take the last fix back"))),
    ]
  }
}

// Running an errand of the palette or of a menu, and why one cannot be run now.

import BatchModel
import Resilience

extension DashboardModel {
  /// Does what was chosen; `reasonAgainst` has been asked before.
  mutating func run(_ errand: Errand) -> [DashboardCommand] {
    switch errand {
    case .intent(let intent): return perform(intent)
    case .pause, .resume: return perform(.pauseOrResume)
    case .deed(let deed): return submit(deed)
    case .retryFrom(let step): return retry(fromStep: step)
    case .askForParallel: return askForParallel()
    case .fix(let code): return askToFix(code)
    case .preview(let finding):
      preview(finding)
      return []
    case .examine: return examineEverything()
    case .sort(let order):
      queue.order = order
      queue.isDescending = false
      return show(.queue) + reloadQueue()
    case .filter(let text): return filter(by: text)
    case .columns(let columns):
      self.columns = QueueColumn.allCases.filter { $0 == .item || columns.contains($0) }
      return []
    case .arrange(let arrangement): return arrange(arrangement)
    case .theme(let name):
      theme = name
      return [.setTheme(name)]
    case .themes:
      overlay = .themes(
        ThemePicker(names: themes, index: themes.firstIndex(of: theme) ?? 0, original: theme))
      return []
    case .away: return askForAway()
    case .mouse(let isOn): return [.setMouse(isOn)]
    case .goTo(let time): return goTo(time)
    case .edit(let item, let step, let part): return [.edit(item, step: step, part)]
    case .menu(let menu):
      overlay = .menu(menu)
      return []
    }
  }

  private mutating func retry(fromStep step: Int) -> [DashboardCommand] {
    guard case .success(let targets) = targets(of: .retry) else { return [] }
    let action = ItemAction.retry(fromStep: step, overrides: Overrides())
    return ask(
      Deed(
        .request(.items(action, targets.selector)),
        name: "retry \(targets.name) from \(stepName(step)) on"), word: "retry", of: targets)
  }

  private mutating func filter(by text: String) -> [DashboardCommand] {
    do throws(FilterSyntax.Problem) {
      queue.filter = try FilterSyntax.parse(text, groups: groups, steps: steps)
    } catch {
      // The palette has read it before; a group may have gone since.
      say(error.description)
      return []
    }
    queue.filterText = text
    return show(.queue) + reloadQueue()
  }

  private mutating func arrange(_ arrangement: Arrangement) -> [DashboardCommand] {
    self.arrangement = arrangement
    isZoomed = false
    queue.reveal(visible: layout.queueRows)
    if layout.form == .stacked || layout.form == .single {
      say("layout \(arrangement.rawValue): seen from 120×30 on")
    }
    return fillQueue()
  }

  mutating func takeMouse(isReported: Bool, asked wasAsked: Bool) {
    isMouseOn = isReported
    guard isReported == wasAsked else {
      say("this terminal reports no mouse", isError: true)
      return
    }
    say(
      isReported
        ? "the mouse works here; shift selects text as before"
        : "the mouse is the terminal's: it selects text")
  }
}

extension DashboardModel {
  /// Why an errand cannot be run now; `nil` when it can.
  package func reasonAgainst(_ errand: Errand) -> String? {
    if errand.isActing, past != nil { return pastReason }
    if errand.isActing, isReadOnly { return Self.readOnlyReason }
    switch errand {
    case .intent(let intent): return reason(of: intent)
    case .pause: return reasonAgainstPause
    case .resume: return reasonAgainstResume
    case .deed(let deed): return reasonAgainst(deed.act)
    case .retryFrom: return reasonAgainst(.retry)
    case .menu(let menu):
      guard let first = menu.entries.first else { return "the steps are not known" }
      return reasonAgainst(first.errand)
    case .askForParallel, .edit: return reasonAgainstActing
    case .fix(let code): return reasonAgainstFixing(.code(code))
    case .preview: return nil
    case .examine: return gauges.examiningSince == nil ? nil : "it is being examined"
    case .theme, .themes: return themes.isEmpty ? "this screen shows no colours" : nil
    case .sort, .filter, .columns, .arrange, .mouse, .goTo, .away: return nil
    }
  }

  private func reason(of intent: Intent) -> String? {
    BindingTable.all.first { $0.intent == intent }.flatMap { $0.reasonDisabled(self) }
  }

  /// Why nothing at all can be asked of the run.
  private var reasonAgainstActing: String? {
    guard let snapshot else { return Self.unknownRunReason }
    return snapshot.summary.state == .superseded ? Self.supersededReason : nil
  }

  private var reasonAgainstPause: String? {
    if let reason = reasonAgainst(.pauseOrResume) { return reason }
    if !hasEngine { return "no engine runs" }
    return snapshot?.summary.state == .running ? nil : "it is halted already"
  }

  private var reasonAgainstResume: String? {
    if let reason = reasonAgainst(.pauseOrResume) { return reason }
    return hasEngine && snapshot?.summary.state == .running ? "it runs" : nil
  }

  private func reasonAgainst(_ act: Act) -> String? {
    switch act {
    case .fix(let code): return reasonAgainstFixing(.code(code))
    case .undoFix: return reasonAgainstUndoing
    case .request(let action): return reasonAgainstActing ?? reasonAgainst(action)
    }
  }

  private func reasonAgainst(_ action: Request.Action) -> String? {
    let holds = snapshot?.holds ?? []
    switch action {
    case .hold(let hold): return holds.contains(hold) ? "it is held already" : nil
    case .release(let hold): return holds.contains(hold) ? nil : "it is not held"
    case .reload: return hasEngine ? nil : "no engine runs: the next one reads the definition anew"
    case .setCap: return reasonAgainst(.raiseCap)
    case .sync:
      guard let outbox = snapshot?.outbox else { return "no sink is named: events: {sink: URL}" }
      return outbox.pending > 0 ? nil : "everything is delivered"
    default: return nil
    }
  }
}

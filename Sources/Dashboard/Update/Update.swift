// The one way in which the dashboard changes.

internal import Canvas
internal import Resilience

/// Takes one message into the model and says what is to be done about it.
package func update(_ model: inout DashboardModel, _ message: Message) -> [DashboardCommand] {
  switch message {
  case .key(let key): return model.press(key)
  case .paste(let text): return model.paste(text)
  case .mouse(let event): return model.take(event)
  case .resize(let size): return model.resize(to: size)
  case .focus(let isFocused):
    model.isTerminalFocused = isFocused
    return [.setWatching(isFocused ? .closely : .casually)]
  case .tick(let now): return model.tick(now)
  case .snapshot(let snapshot): return model.take(snapshot)
  case .connectionLost(let reason):
    model.connection = .lost(reason)
    // Whatever was asked for may never be answered: the next snapshot asks again.
    model.queue.awaited = nil
    return []
  case .page(let page, let query): return model.take(page, for: query)
  case .detail(let detail, let item):
    if item == model.queue.selected { model.item.detail = detail }
    return []
  case .log(let piece):
    if model.frozenAt == nil { model.log.append(piece) }
    return []
  case .marked(let items, let filter, let isComplete):
    return model.take(marked: items, for: filter, isComplete: isComplete)
  case .past(let samples):
    model.history.precede(with: samples)
    return []
  case .spending(let figures):
    model.gauges.spending = figures
    return []
  case .examined(let report):
    model.gauges.examination = report
    model.gauges.examiningSince = nil
    return []
  case .submitted(let token, let submission): return model.take(submission, token: token)
  case .withdrawn(let request, let isWithdrawn):
    return model.takeWithdrawal(of: request, isWithdrawn: isWithdrawn)
  case .notice(let text, let isError):
    model.say(text, isError: isError)
    return []
  case .mouseReported(let isOn, let wasAsked):
    model.takeMouse(isReported: isOn, asked: wasAsked)
    return []
  case .terminate: return [.quit(.terminated)]
  }
}

extension DashboardModel {
  /// What a dashboard asks for before anything has happened.
  package static let firstCommands: [DashboardCommand] = [
    .setWatching(.closely), .fetchPast, .fetchSpending, .examine(thoroughly: false),
  ]

  mutating func say(_ text: String, isError: Bool = false) {
    toast = Toast(text: text, isError: isError, until: now.advanced(by: .seconds(5)))
  }

  fileprivate mutating func tick(_ time: Instant) -> [DashboardCommand] {
    now = time
    if let toast, toast.until <= now { self.toast = nil }
    return releaseDue()
  }

  fileprivate mutating func resize(to size: Size) -> [DashboardCommand] {
    self.size = size
    queue.reveal(visible: layout.queueRows)
    return fillQueue()
  }

  fileprivate mutating func paste(_ text: String) -> [DashboardCommand] {
    switch overlay {
    case .filter(var editor, _):
      editor.paste(text)
      overlay = .filter(editor, problem: nil)
    case .search(var editor):
      editor.paste(text)
      overlay = .search(editor)
    case .prompt(var prompt):
      prompt.editor.paste(text)
      overlay = .prompt(prompt)
    case .palette(var palette):
      palette.editor.paste(text)
      palette.problem = nil
      overlay = .palette(palette)
    default: say("pasted text is not taken for keys; / takes it")
    }
    return []
  }
}

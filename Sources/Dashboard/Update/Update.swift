// The one way in which the dashboard changes.

internal import Canvas
internal import Resilience

/// Takes one message into the model and says what is to be done about it.
package func update(_ model: inout DashboardModel, _ message: Message) -> [DashboardCommand] {
  let commands = answer(&model, message)
  // Whatever changed the panel's width: the text in it is broken anew.
  if model.item.text != nil {
    let columns = model.layout.itemTextColumns
    model.item.text?.fit(columns: columns)
  }
  return commands
}

private func answer(_ model: inout DashboardModel, _ message: Message) -> [DashboardCommand] {
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
  case .page, .detail, .log, .spending, .tab, .samples, .marked:
    // What was asked of the present comes too late for the past.
    return model.past == nil ? model.takeAnswer(message) : []
  case .replay(let news, let visit):
    return model.past?.visit == visit ? model.take(news) : []
  case .past(let samples):
    model.history.precede(with: samples)
    return []
  case .examined(let report):
    model.gauges.examination = report
    model.gauges.examiningSince = nil
    return []
  case .away(let report): return model.take(report)
  case .edited(let item, let step, let prompt):
    return model.take(prompt: prompt, of: item, step: step)
  case .editedParams(let item, let step, let text):
    return model.take(params: text, of: item, step: step)
  case .editable(let item, let step, let editable):
    return model.take(editable, of: item, step: step)
  case .typedBefore(let lines):
    model.paletteHistory.precede(with: lines)
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
    .fetchAway(since: nil), .fetchTyped,
  ]

  mutating func say(_ text: String, isError: Bool = false) {
    toast = Toast(text: text, isError: isError, until: now.advanced(by: .seconds(5)))
  }

  /// What was asked for: of the run as it is, or, in the past, as it was.
  mutating func takeAnswer(_ message: Message) -> [DashboardCommand] {
    switch message {
    case .page(let page, let query): return take(page, for: query)
    case .detail(let detail, let item): return take(detail, for: item)
    case .log(let piece): if frozenAt == nil { log.append(piece) }
    case .spending(let figures): gauges.spending = figures
    case .tab(let item, let tab, let text): take(text, of: tab, for: item)
    case .samples(let samples, let signature): return take(samples: samples, of: signature)
    case .marked(let items, let filter, let isComplete):
      return take(marked: items, for: filter, isComplete: isComplete)
    default: break
    }
    return []
  }

  fileprivate mutating func tick(_ time: Instant) -> [DashboardCommand] {
    now = time
    if let toast, toast.until <= now { self.toast = nil }
    return releaseDue() + playOn()
  }

  fileprivate mutating func resize(to size: Size) -> [DashboardCommand] {
    self.size = size
    queue.reveal(visible: layout.queueRows)
    return fillQueue()
  }

  fileprivate mutating func paste(_ text: String) -> [DashboardCommand] {
    switch layout.form == .line ? nil : overlay {
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
    default: say("pasted text is not taken for keys; \(key(.filter)) takes it")
    }
    return []
  }
}

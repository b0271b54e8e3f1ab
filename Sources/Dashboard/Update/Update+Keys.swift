// A key's way to what it does: the overlay first, then the key table.

import BatchModel
import Canvas

extension DashboardModel {
  /// A key from the keyboard: somebody is here.
  mutating func press(_ key: Key) -> [DashboardCommand] {
    let commands = noteKey(key) ?? pressNow(key)
    return commands + markSeen()
  }

  mutating func pressNow(_ key: Key) -> [DashboardCommand] {
    if layout.form == .line, let refusal = refusalInLine(of: key) {
      say(refusal)
      return []
    }
    if let overlay { return press(key, on: overlay) }
    guard let binding = keyMap.binding(for: key, in: focus, ofPast: past != nil) else {
      say("\(key.name) does nothing here; \(keyMap.name(of: .help)) lists the keys")
      return []
    }
    if let reason = binding.reasonDisabled(self) {
      say("\(key.name) \(binding.name): \(reason)")
      return []
    }
    toast = nil
    return perform(binding.intent)
  }

  mutating func perform(_ intent: Intent) -> [DashboardCommand] {
    switch intent {
    case .down, .up, .halfPageDown, .halfPageUp, .pageDown, .pageUp, .first, .last:
      return move(intent)
    case .left, .right, .nextPanel, .previousPanel, .panel, .open, .back:
      return navigate(intent)
    case .pauseOrResume, .retry, .skip, .cancel, .retryAllFailed, .takeBack, .stop,
      .raiseCap, .actions, .doctorFix:
      return act(intent)
    case .note: return askForNote()
    case .accept: return askToAccept()
    case .sendBack: return askWhatToSendBack()
    case .edit: return edit()
    case .follow: return toggleFollow()
    case .freeze: return toggleFreeze()
    case .sortNext, .sortPrevious, .sortInverted: return sort(intent)
    case .filter: return openFilter()
    case .palette:
      overlay = .palette(Palette())
      return []
    case .nextMatch, .previousMatch: return match(forward: intent == .nextMatch)
    case .mark: return toggleMark()
    case .range: return toggleRange()
    case .markAll: return markAll()
    case .clearMarks:
      queue.marks = [:]
      return []
    case .pager: return queue.selected.map { [.openPager($0)] } ?? []
    case .yank: return yank()
    case .writeScreen: return [.writeScreen]
    case .past, .eventBack, .eventForward, .troubleBack, .troubleForward, .play:
      return travel(intent)
    case .suspend: return [.suspend]
    case .redraw: return [.redraw]
    case .mouse: return [.setMouse(!isMouseOn)]
    case .help:
      overlay = .help(top: 0)
      return []
    case .quit: return [.quit(.detached)]
    case .interrupt: return [.quit(.interrupted)]
    }
  }

  private mutating func toggleFollow() -> [DashboardCommand] {
    item.tab = .log
    log.topNumber = log.dropped + log.topIndex(visible: layout.logRows)
    log.isFollowing.toggle()
    return []
  }

  private mutating func sort(_ intent: Intent) -> [DashboardCommand] {
    let orders = ItemOrder.allCases
    let index = orders.firstIndex(of: queue.order) ?? 0
    switch intent {
    case .sortNext: queue.order = orders[(index + 1) % orders.count]
    case .sortPrevious: queue.order = orders[(index + orders.count - 1) % orders.count]
    default:
      queue.isDescending.toggle()
      return reloadQueue()
    }
    queue.isDescending = false
    return reloadQueue()
  }

  private mutating func match(forward: Bool) -> [DashboardCommand] {
    switch focus {
    case .queue: return selectFailed(forward: forward)
    case .failures: return moveGroup(by: forward ? 1 : -1)
    case .item:
      searchItem(forward: forward)
      return []
    case .breakers, .waits, .cost, .sync, .doctor:
      return move(forward ? .down : .up)
    }
  }
}

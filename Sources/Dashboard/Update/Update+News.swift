// News of the run: snapshots, and what became of requests.

import BatchModel
import Resilience

extension DashboardModel {
  /// A frozen display keeps what it shows; the newest snapshot waits behind it.
  mutating func take(_ news: RunSnapshot) -> [DashboardCommand] {
    let isBack = connection != .connected
    connection = .connected
    history.note(news)
    noteEndedCanaries(news)
    let outside = tellOutside(of: news)
    guard past == nil else {
      past?.live = news
      return outside
    }
    guard frozenAt == nil else {
      unseen = news
      return outside
    }
    return outside + show(news, isBack: isBack)
  }

  /// Shows a state of the run, and asks again for what it changes.
  mutating func show(_ news: RunSnapshot, isBack: Bool) -> [DashboardCommand] {
    let before = snapshot
    snapshot = news
    if failures.selected == nil { failures.selected = news.groups.first?.signature }
    noteReopened(since: before)
    let isNew = before?.summary != news.summary || before?.groups != news.groups
    guard isNew || isBack else { return [] }
    return refreshQueue() + refreshSamples() + (queue.selected.map { [.fetchDetail($0)] } ?? [])
  }

  mutating func toggleFreeze() -> [DashboardCommand] {
    guard frozenAt != nil else {
      frozenAt = now
      frozenHistory = history
      return log.item == nil ? [] : [.stopLog]
    }
    frozenAt = nil
    frozenHistory = nil
    var commands: [DashboardCommand] = []
    if let unseen {
      self.unseen = nil
      commands += take(unseen)
    }
    if let item = queue.selected {
      log.follow(item)
      commands.append(.followLog(item))
    }
    return commands
  }

  mutating func take(_ submission: Submission, token: Int) -> [DashboardCommand] {
    guard let index = pending.firstIndex(where: { $0.token == token }) else {
      if case .refused(let reason) = submission { say(reason, isError: true) }
      return []
    }
    switch submission {
    case .applied:
      let deed = pending.remove(at: index)
      say(deed.isTakenBack ? "too late: \(deed.name) is done" : outcome(of: deed))
      return []
    case .accepted(let request):
      pending[index].request = request
      return pending[index].isTakenBack ? [.withdraw(request: request)] : []
    case .refused(let reason):
      pending.remove(at: index)
      say(reason, isError: true)
      return []
    }
  }

  /// What was done at once, as no engine runs: a retry is only queued by that.
  private func outcome(of deed: PendingDeed) -> String {
    guard deed.act.isRetry, !hasEngine, deed.name.hasPrefix("retry ") else {
      return "done: \(deed.name)"
    }
    let what = deed.name.dropFirst("retry ".count)
    return "queued again: \(what); \(key(.pauseOrResume)) starts an engine"
  }

  mutating func takeWithdrawal(of request: String, isWithdrawn: Bool) -> [DashboardCommand] {
    let name = pending.first { $0.request == request }?.name
    pending.removeAll { $0.request == request }
    // The snapshot that is shown may be older than the answer.
    snapshot?.pendingRequests.removeAll { $0.id == request }
    if isWithdrawn {
      say("taken back" + (name.map { ": " + $0 } ?? ""))
    } else {
      say("too late: it is being done", isError: true)
    }
    return []
  }
}

// Acting on the run: questions before many items, a grace before each request leaves.

import BatchModel
import Resilience

extension DashboardModel {
  mutating func act(_ intent: Intent) -> [DashboardCommand] {
    switch intent {
    case .pauseOrResume: return pauseOrResume()
    case .retryAllFailed: return retryAllFailed()
    case .takeBack: return takeBack()
    case .raiseCap: return askForCap()
    case .actions:
      overlay = .menu(actionMenu)
      return []
    case .doctorFix: return fixAsKeyed()
    case .stop:
      overlay = .sheet(stopSheet)
      return []
    default: return actOnItems(intent)
    }
  }

  /// A pause has no grace: who presses P wants it now.
  private mutating func pauseOrResume() -> [DashboardCommand] {
    guard let snapshot else { return [] }
    guard hasEngine else {
      say("starting an engine for this run")
      return [.startEngine]
    }
    let isHalted = snapshot.summary.state != .running
    return submit(
      Deed(
        .request(isHalted ? .resume : .pause), name: isHalted ? "resume" : "pause", grace: .zero))
  }

  private mutating func retryAllFailed() -> [DashboardCommand] {
    let count = snapshot?.summary.counts.failed ?? 0
    let price = Wording.estimate(groups.reduce(.zero) { $0 + $1.cost })
    let deed = Deed(
      .request(.items(.retry(fromStep: nil, overrides: Overrides()), .failed)),
      name: Self.priced("retry all \(Wording.count(count)) failed", price))
    var lines = groups.prefix(5).map {
      "\($0.name)  \(Wording.items($0.count))  \($0.signature.text)"
    }
    if groups.count > 5 { lines.append("and \(Wording.count(groups.count - 5)) more groups") }
    if !price.isEmpty { lines.append("\(price) if each costs what it did") }
    return ask(
      deed, word: "retry", count: count,
      question: "Retry all \(Wording.count(count)) failed items?",
      lines: lines)
  }

  private mutating func actOnItems(_ intent: Intent) -> [DashboardCommand] {
    // The key table has asked before: there are targets.
    guard case .success(let targets) = targets(of: intent) else { return [] }
    if intent == .retry, case .group(let signature) = targets.selector,
      let group = group(of: signature)
    {
      return askToRetry(group)
    }
    guard let verb = Self.verb(intent) else { return askForReason(targets) }
    return ask(
      Deed(
        .request(.items(verb.action, targets.selector)), name: "\(verb.word) \(targets.name)"),
      word: verb.word, of: targets)
  }

  /// Asks about the items that are meant, with some of their keys.
  mutating func ask(_ deed: Deed, word: String, of targets: Targets) -> [DashboardCommand] {
    var lines = targets.samples
    let more = targets.count - targets.samples.count
    if more > 0 { lines.append("and \(Wording.count(more)) more") }
    if case .request(.items(.retry, _)) = deed.act { lines += costLines(of: targets.count) }
    let title = word.prefix(1).uppercased() + word.dropFirst()
    return ask(
      deed, word: word, count: targets.count, question: "\(title) \(targets.name)?", lines: lines)
  }

  /// One item goes its way at once, and can be taken back; many are asked about first.
  private mutating func ask(
    _ deed: Deed, word: String, count: Int, question: String, lines: [String]
  ) -> [DashboardCommand] {
    guard count > 1 else { return submit(deed) }
    overlay = .sheet(
      Sheet(
        question: question, lines: lines,
        choices: [Sheet.Choice(key: "y", label: word, deed: deed)],
        countToType: count > 1000 ? count : nil))
    return []
  }

  private static func verb(_ intent: Intent) -> (word: String, action: ItemAction)? {
    switch intent {
    case .retry: ("retry", .retry(fromStep: nil, overrides: Overrides()))
    case .cancel: ("cancel", .cancel(reason: "by hand"))
    default: nil
    }
  }

  private var stopSheet: Sheet {
    let running = snapshot?.summary.counts.running ?? 0
    return Sheet(
      question: "Stop the run?",
      lines: [
        "\(Wording.items(running)) run now. Nothing finished is lost; `footplate run` goes on later."
      ],
      choices: [
        Sheet.Choice(
          key: "y", label: "stop when they end",
          deed: Deed(.request(.stop(now: false)), name: "stop the run")),
        Sheet.Choice(
          key: "k", label: "kill them now",
          deed: Deed(.request(.stop(now: true)), name: "kill what runs and stop")),
      ])
  }

  /// Hands a deed over; it leaves when its grace has passed.
  mutating func submit(_ deed: Deed) -> [DashboardCommand] {
    let token = nextToken
    nextToken += 1
    let notBefore = now.advanced(by: deed.grace)
    if deed.grace > .zero {
      pending.append(
        PendingDeed(
          token: token, act: deed.act, name: deed.name, notBefore: notBefore, request: nil,
          isTakenBack: false))
    } else {
      say("asked: \(deed.name)")
    }
    switch deed.act {
    case .request(let action):
      if case .items(_, .ids) = action { queue.marks = [:] }
      return [.submit(action, notBefore: notBefore, token: token)]
    case .fix, .undoFix: return deed.grace > .zero ? [] : command(for: deed.act)
    }
  }

  /// Deeds whose grace has passed: requests are on their way by themselves, the others go now.
  mutating func releaseDue() -> [DashboardCommand] {
    let due = pending.filter { $0.notBefore <= now && !$0.isTakenBack }
    pending.removeAll { $0.notBefore <= now && !$0.isTakenBack }
    return due.flatMap { command(for: $0.act) }
  }

  private func command(for act: Act) -> [DashboardCommand] {
    switch act {
    case .request: []
    case .fix(let code): [.fix(code)]
    case .undoFix: [.undoFix]
    }
  }

  private mutating func takeBack() -> [DashboardCommand] {
    switch takeBackCandidate {
    case .own(let token):
      guard let index = pending.firstIndex(where: { $0.token == token }) else { return [] }
      guard case .request = pending[index].act else {
        say("taken back: \(pending[index].name)")
        pending.remove(at: index)
        return []
      }
      pending[index].isTakenBack = true
      return pending[index].request.map { [.withdraw(request: $0)] } ?? []
    case .other(let request): return [.withdraw(request: request.id)]
    case nil: return []
    }
  }
}

// Between the screen and the run: performs the dashboard's commands on a thread of its own.

import BatchStore
import BatchModel
import Dashboard
import Dispatch
import DurableFiles
import Foundation
import Resilience
import Runtime

/// Reads the run for a dashboard and carries its requests.
///
/// `@unchecked Sendable`: every `var` is touched on `queue` only, which is serial.
final class RunFeed: @unchecked Sendable {
  private static let quick = Duration.milliseconds(100)
  private static let slow = Duration.milliseconds(500)
  /// Lines of a log's backlog that are shown.
  static let backlogLines = 5000

  private let client: RunClient
  private let run: RunID
  private let definition: String?
  private let inbox: MessageInbox
  private let past: PastFeed
  private let viewer = UUID().uuidString.lowercased()
  private let queue = DispatchQueue(label: "footplate.feed")
  private let texts = DispatchQueue(label: "footplate.texts")
  private let teller = DispatchQueue(label: "footplate.away", qos: .utility)
  private let examiner = DispatchQueue(label: "footplate.doctor", qos: .utility)
  private var timer: (any DispatchSourceTimer)?
  private var lastChange: Int64 = -1
  private var lastSnapshotAt = Instant(nanoseconds: 0)
  private var followed: FollowedLog?
  private var watching = Watching.closely
  /// Whether something works on the run: without an engine only another command changes it.
  private var isLive = true
  private var interval = RunFeed.quick
  /// Engines' guardians that were started from here: our children, for as long as we are there.
  private var guardians: [Int32] = []

  init(client: RunClient, run: RunID, definition: String?, inbox: MessageInbox) {
    self.client = client
    self.run = run
    self.definition = definition
    self.inbox = inbox
    past = PastFeed(client: client, run: run, inbox: inbox)
  }

  func start() {
    queue.async { [self] in
      let timer = DispatchSource.makeTimerSource(queue: queue)
      timer.setEventHandler { [weak self] in self?.poll() }
      self.timer = timer
      schedule()
      timer.activate()
    }
  }

  func stop() {
    past.stop()
    queue.sync {
      timer?.cancel()
      timer = nil
      Viewers(client.layout).leave(viewer)
    }
  }

  /// Starts a command; its answer comes through the inbox.
  func perform(_ command: DashboardCommand) {
    if past.take(command) { return }
    queue.async { [self] in
      do {
        try carryOut(command)
      } catch {
        inbox.post(.notice("\(error)", isError: true))
      }
    }
  }

  /// `$PAGER` on the item's newest log.
  func pager(for item: ItemID) -> [String]? {
    let newest =
      past.isShown
      ? past.newestAttempt(of: item)
      // Without a detail or a log there is nothing to open, and the screen says so.
      : queue.sync { try? questions.newestAttempt(of: item) }
    guard let newest else { return nil }
    let path = client.layout.log(of: newest, in: run)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let pager = ProcessInfo.processInfo.environment["PAGER"] ?? "less"
    return ["/bin/sh", "-c", "exec \(pager) \"$1\"", "pager", path]
  }

  private func carryOut(_ command: DashboardCommand) throws {
    switch command {
    case .fetchPage, .fetchDetail, .fetchSamples, .collectMarks, .fetchSpending:
      if let answer = try questions.answer(to: command) { inbox.post(answer) }
    case .followLog(let item):
      followed = FollowedLog(item: item)
      try pollLog()
    case .stopLog: followed = nil
    case .submit(let action, let notBefore, let token):
      submit(action, notBefore, token)
      expectNews()
    case .withdraw(let request):
      inbox.post(.withdrawn(request: request, client.withdraw(request)))
    case .fetchPast:
      let start = Instant.wallClock.advanced(by: .zero - History.spacing * History.samplesMax)
      inbox.post(.past(try client.store.samples(of: run, from: start, to: nil, limit: 1000)))
    case .fetchTab(let item, let tab):
      texts.async { [inbox, questions] in
        inbox.post(.tab(item, tab, questions.texts.text(of: item, tab)))
      }
    case .fetchEditable, .fetchTyped, .noteTyped: prepareTyping(command)
    case .fetchAway(let since): tellAway(since)
    case .markSeen: client.markSeen(run: run, at: .wallClock)
    case .examine(let isThorough): examine(thoroughly: isThorough)
    case .fix(let code): mend { try $0.mend(code) }
    case .undoFix: mend { try $0.takeBack() }
    case .startEngine:
      try startEngine()
      expectNews()
    case .setWatching(let watching):
      self.watching = watching
      schedule()
    case .enterPast, .movePast, .leavePast: break  // the past's own
    case .openPager, .edit, .writeScreen, .suspend, .redraw, .quit, .setTheme, .setMouse, .yank,
      .setTitle, .alert:
      break  // the loop's own
    }
  }

  /// What a person types into: the item's own texts, and the palette.
  private func prepareTyping(_ command: DashboardCommand) {
    texts.async { [inbox, questions] in
      switch command {
      case .fetchEditable(let item, let step):
        do {
          inbox.post(.editable(item, step: step, try questions.texts.editable(step: step)))
        } catch {
          inbox.post(.notice("\(error)", isError: true))
        }
      case .fetchTyped: inbox.post(.typedBefore(RecentLines.typed?.read() ?? []))
      case .noteTyped(let line): RecentLines.typed?.append(line)
      default: break
      }
    }
  }

  /// What happened since then, or since this person looked last.
  ///
  /// Every item is looked at for it: the first rows do not wait behind that.
  private func tellAway(_ since: Instant?) {
    guard let moment = since ?? client.lastSeen(run: run)?.at else {
      inbox.post(.away(nil))
      return
    }
    teller.async { [inbox, client, run] in
      do {
        let own = try RunClient(client.layout)
        inbox.post(.away(try own.away(of: run, since: moment, at: .wallClock)))
      } catch {
        inbox.post(.notice("\(error)", isError: true))
      }
    }
  }

  private var questions: StoreQuestions {
    StoreQuestions(layout: client.layout, store: client.store, run: run)
  }

  /// `$VISUAL` or `$EDITOR` on a part of an item's step.
  func editing(of item: ItemID, step: Int, _ part: EditedPart) -> EditSession? {
    ItemEditing(texts: questions.texts, folder: client.layout.editing)
      .session(of: item, step: step, part)
  }

  private var wantedInterval: Duration {
    watching == .closely && isLive ? Self.quick : Self.slow
  }

  private func schedule() {
    interval = wantedInterval
    let nanoseconds = Int(interval.nanosecondsClamped)
    timer?.schedule(
      deadline: .now(), repeating: .nanoseconds(nanoseconds), leeway: .milliseconds(20))
  }

  /// What was asked for is shown as soon as it is done.
  private func expectNews() {
    isLive = true
    schedule()
  }

  private func poll() {
    let now = Instant.wallClock
    do {
      let change = try client.store.changeCounter()
      let isDue = lastSnapshotAt.duration(to: now) > .seconds(1)
      if change != lastChange || isDue {
        lastChange = change
        lastSnapshotAt = now
        let snapshot = try client.snapshot(of: run)
        isLive = snapshot.engine != .absent
        inbox.post(.snapshot(snapshot))
      }
      if isDue {
        Viewers(client.layout).touch(viewer)
        guardians.removeAll { waitpid($0, nil, WNOHANG) != 0 }
      }
      try pollLog()
      if wantedInterval != interval { schedule() }
    } catch {
      inbox.post(.connectionLost("\(error)"))
    }
  }

  private func pollLog() throws {
    guard var log = followed else { return }
    for piece in try log.news(client, run, backlogLines: Self.backlogLines) {
      inbox.post(.log(piece))
    }
    followed = log
  }

  private func submit(_ action: Request.Action, _ notBefore: Instant, _ token: Int) {
    do {
      let grace = max(.zero, Instant.wallClock.duration(to: notBefore))
      switch try client.submit(action, of: run, grace: grace, by: NSUserName()) {
      case .left(let request): inbox.post(.submitted(token: token, .accepted(request: request.id)))
      case .applied: inbox.post(.submitted(token: token, .applied))
      }
    } catch {
      inbox.post(.submitted(token: token, .refused("\(error)")))
    }
  }

  private func examine(thoroughly isThorough: Bool) {
    guard let practice else {
      inbox.post(.examined(DoctorsPractice.withoutDefinition(at: .wallClock)))
      return
    }
    examiner.async { [inbox] in inbox.post(.examined(practice.examine(thoroughly: isThorough))) }
  }

  private func mend(_ work: @escaping @Sendable (DoctorsPractice) throws -> String) {
    guard let practice else { return sayNoDefinition() }
    examiner.async { [inbox] in
      do {
        inbox.post(.notice(try work(practice), isError: false))
      } catch {
        inbox.post(.notice("\(error)", isError: true))
      }
      inbox.post(.examined(practice.examine(thoroughly: false)))
    }
  }

  private var practice: DoctorsPractice? {
    definition.map { DoctorsPractice(client.layout, definition: $0) }
  }

  private func sayNoDefinition() {
    inbox.post(.notice("the definition is not known here: the doctor needs it", isError: true))
  }

  private func startEngine() throws {
    guard let definition else {
      throw CommandError("the definition is not known here: footplate run goes on")
    }
    let start = try DetachedStart.start(
      executable: try Executable.path(), layout: client.layout, definition: definition,
      options: RunOptions())
    guardians.append(start.guardian)
  }
}

/// The log of an item's newest attempt, followed from one attempt to the next.
private struct FollowedLog {
  let item: ItemID
  var attempt: AttemptID?
  var follower: LogFollower?

  init(item: ItemID) { self.item = item }

  /// What came since the last call.
  mutating func news(
    _ client: RunClient, _ run: RunID, backlogLines: Int
  ) throws -> [LogPiece] {
    let questions = StoreQuestions(layout: client.layout, store: client.store, run: run)
    guard let newest = try questions.newestAttempt(of: item) else { return [] }
    let isNew = newest != attempt
    if isNew {
      attempt = newest
      follower = LogFollower(path: client.layout.log(of: newest, in: run))
    }
    let lines = try follower?.nextLines() ?? []
    guard isNew || !lines.isEmpty else { return [] }
    let kept = Array(lines.suffix(backlogLines))
    return [
      LogPiece(item: item, isNewLog: isNew, lines: kept, dropped: lines.count - kept.count)
    ]
  }
}

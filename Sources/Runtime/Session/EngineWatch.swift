// What an engine does several times a second beside its work: requests, gauges, the lock.

import BatchModel
import BatchStore
import DurableFiles
import Engine
import Foundation
import Resilience

/// The periodic duties of an engine.
struct EngineWatch {
  private static let interval = Duration.milliseconds(100)
  /// A gap this much longer than the interval means that the host slept, or stood still.
  private static let sleepNoticed = Duration.seconds(30)
  /// Rounds from one sample to the next: ten seconds.
  private static let sampleRounds = 100

  let run: RunID
  let layout: WorkspaceLayout
  let holdsLock: @Sendable () -> Bool
  let queue: WriteQueue
  let mailbox: Mailbox<LoopMessage>
  let gauges: GaugeBoard
  /// How many slots there are in all, of the kinds that the batch has.
  let slots: @Sendable (Parallel) -> Int
  let files: WorkspaceFiles
  let reloading: ReloadService
  let outbox: OutboxBoard
  let clock: @Sendable () -> Instant
  let news: @Sendable (SessionNews) -> Void
  private var handedOver: Set<String> = []

  init(
    run: RunID, layout: WorkspaceLayout, holdsLock: @escaping @Sendable () -> Bool,
    queue: WriteQueue,
    mailbox: Mailbox<LoopMessage>, gauges: GaugeBoard,
    slots: @escaping @Sendable (Parallel) -> Int, files: WorkspaceFiles,
    reloading: ReloadService, outbox: OutboxBoard, clock: @escaping @Sendable () -> Instant,
    news: @escaping @Sendable (SessionNews) -> Void
  ) {
    self.run = run
    self.layout = layout
    self.holdsLock = holdsLock
    self.queue = queue
    self.mailbox = mailbox
    self.gauges = gauges
    self.slots = slots
    self.files = files
    self.reloading = reloading
    self.outbox = outbox
    self.clock = clock
    self.news = news
  }

  /// Runs until its task is cancelled.
  mutating func run() async {
    var last = clock()
    var rounds = 0
    while !Task.isCancelled {
      let now = clock()
      await noteSleep(since: last, now: now)
      last = now
      await takeRequests(at: now)
      mailbox.nudge()
      if rounds % 10 == 0 || (rounds % 3 == 0 && Viewers(layout).isWatched(at: now)) {
        writeGauges(at: now)
      }
      if rounds % 10 == 0 {
        if !holdsLock() {
          mailbox.post(.broken("\(layout.lock) was replaced: another engine may have begun"))
          return
        }
        await judgeCanaries(at: now)
        await rememberDigests()
        await takeTracked()
      }
      if rounds % Self.sampleRounds == 0 { await takeSample(at: now) }
      rounds += 1
      // Cancelled at the run's end: then there is nothing left to watch.
      try? await Task.sleep(for: Self.interval)
    }
    writeGauges(at: clock())
    await rememberDigests()
    await takeSample(at: clock())
  }

  private func noteSleep(since last: Instant, now: Instant) async {
    let gap = last.duration(to: now)
    guard gap > Self.sleepNoticed else { return }
    let note = Noted(
      run: run, code: "host-slept", message: "the host slept or stood still for \(gap)")
    await submit([.noted(note)], at: now)
    mailbox.post(.event(.tick))
  }

  private mutating func takeRequests(at now: Instant) async {
    let spool = RequestSpool(layout)
    let waiting: (requests: [Request], refused: [String])
    do {
      waiting = try spool.waiting()
    } catch {
      return news(.warning("\(layout.requests): \(error)"))
    }
    for name in waiting.refused { news(.warning("\(name) is no request; it is set aside")) }
    for request in waiting.requests where request.notBefore <= now {
      guard request.action != .sync else {
        outbox.hurry()
        spool.remove(request.id)
        continue
      }
      guard request.run == run else {
        await carryOut(request, at: now)
        continue
      }
      switch request.action {
      case .items(let action, let selector):
        await move(selector, action, request, at: now)
        spool.remove(request.id)
      case .retryGroup:
        await retryGroup(request, at: now)
        spool.remove(request.id)
      case .reload:
        await reload(request)
        spool.remove(request.id)
      case .pause, .resume, .stop, .stopAt, .setCap, .breaker, .note, .sync, .hold, .release,
        .setParallel:
        // Its file goes when it is recorded; until then it is handed over once.
        if handedOver.insert(request.id).inserted { mailbox.post(.event(.requested(request))) }
      }
    }
  }

  /// A request on another run of this workspace: only this engine may write, so it does.
  private func carryOut(_ request: Request, at now: Instant) async {
    do throws(StoreError) {
      _ = try await queue.perform { store throws(StoreError) in
        try store.carryOut(request, at: now)
      }
      RequestSpool(layout).remove(request.id)
    } catch {
      mailbox.post(.failed(error))
    }
  }

  private func reload(_ request: Request) async {
    let mailbox = mailbox
    do throws(StoreError) {
      try await reloading.reload(request) { held in
        // It also tells the machine, which may have believed that nothing is left to claim, to look.
        await mailbox.deliver(.moved(.cancel(reason: "gone"), changed: 0, held: held))
      }
    } catch {
      mailbox.post(.failed(error))
    }
  }

  private func move(
    _ selector: ItemSelector, _ action: ItemAction, _ request: Request, at now: Instant
  ) async {
    let run = run
    do throws(StoreError) {
      let moved = try await queue.perform { store throws(StoreError) in
        try store.move(selector, action, of: run, request: request, at: now)
      }
      mailbox.post(.event(.moved(action, changed: moved.changed, held: moved.held)))
    } catch {
      mailbox.post(.failed(error))
    }
  }

  private func retryGroup(_ request: Request, at now: Instant) async {
    await queueAgain { store throws(StoreError) in try store.carryOut(request, at: now) }
  }

  /// A claim does it too, but may be far away while the window is full.
  private func judgeCanaries(at now: Instant) async {
    let run = run
    await queueAgain { store throws(StoreError) in try store.advanceCanaries(of: run, at: now) }
  }

  /// Tells the machine of items that the store has queued again.
  private func queueAgain(
    _ body: @escaping @Sendable (any StoreWriting) throws(StoreError) -> Int
  ) async {
    do throws(StoreError) {
      let count = try await queue.perform(body)
      guard count > 0 else { return }
      let action = ItemAction.retry(fromStep: nil, overrides: Overrides())
      mailbox.post(.event(.moved(action, changed: count, held: [])))
    } catch {
      mailbox.post(.failed(error))
    }
  }

  private func writeGauges(at now: Instant) {
    var figures = gauges.gauges(at: now, pid: Host.pid, slots: slots, writes: queue.figures)
    figures.outbox = outbox.figures
    do {
      let bytes = Array(try JSONEncoder().encode(figures))
      try PrivateFolder(layout.state).replace("gauges.json", with: bytes)
    } catch {
      news(.warning("gauges.json: \(error)"))
    }
  }

  private func takeSample(at now: Instant) async {
    let sampler = Sampler(run: run, queue: queue, gauges: gauges, slots: slots)
    do throws(StoreError) {
      try await sampler.take(at: now)
    } catch {
      mailbox.post(.failed(error))
    }
  }

  private func rememberDigests() async {
    do throws(StoreError) {
      try await files.remember(in: queue)
    } catch {
      mailbox.post(.failed(error))
    }
  }

  /// What hooks left; a store that fails is noticed by whatever the run writes next.
  private func takeTracked() async {
    let intake = TrackIntake(run: run, layout: layout, queue: queue, clock: clock)
    do {
      // Awaited, and not cancelled with the watch: what is written must be removed too, or it is
      // counted as a repetition.
      for name in try await Task(operation: { try await intake.take() }).value {
        news(.warning("\(name) is no event of a hook; it is set aside"))
      }
    } catch {
      news(.warning("\(layout.tracking): \(error)"))
    }
  }

  private func submit(_ changes: [Change], at now: Instant) async {
    let mailbox = mailbox
    await queue.submit(changes, of: run, at: now) { result in
      if case .failure(let error) = result { mailbox.post(.failed(error)) }
    }
  }
}

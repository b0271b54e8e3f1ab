// The line in front of the slots: who starts, who waits, and who is taken back.

import BatchModel
import Executors
import Synchronization
import Testing

@Suite struct ProcessSlotsTests {
  private let workspace: TestWorkspace

  init() throws { workspace = try TestWorkspace() }

  private func order(_ number: Int64, _ script: String) -> ProcessOrder {
    var order = workspace.order(.shell(script), number: number, log: false)
    order.takesSlot = true
    return order
  }

  @Test func `Never more run than there are slots, and each gets its turn in order`() async {
    let executor = ProcessExecutor(slots: 1)
    // Two at once would find the folder there.
    let script = "mkdir alone || exit 9; echo $FOOTPLATE_ATTEMPT >> turns; rmdir alone"
    let ends = AsyncStream<ProcessReport> { stream in
      for number in 1...20 {
        executor.launch(order(Int64(number), script)) { event in
          guard case .ended(let report) = event else { return }
          stream.yield(report)
          if report.id == AttemptID(20) { stream.finish() }
        }
      }
    }
    for await report in ends { #expect(report.end == .exited(0), "\(report)") }
    let turns = try? workspace.text("\(workspace.path)/turns")
    #expect(turns == (1...20).map { "\($0)\n" }.joined())
  }

  @Test func `Every slot is used while orders wait, and none is used twice`() async {
    let executor = ProcessExecutor(slots: 5)
    // Each waits until five are there at once, and sees no sixth.
    let script = """
      touch here.$FOOTPLATE_ATTEMPT
      if test $FOOTPLATE_ATTEMPT -le 5
      then until test $(ls here.* | wc -l) -ge 5; do sleep 0.01; done
      fi
      test $(ls here.* | wc -l) -le 5 || exit 9
      sleep 0.05
      rm here.$FOOTPLATE_ATTEMPT
      """
    let ends = await withTaskGroup(of: ProcessReport.End.self) { group in
      for number in 1...15 {
        group.addTask { await executor.run(order(Int64(number), script)).end }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(ends == Array(repeating: .exited(0), count: 15))
  }

  @Test func `A kill finds its process on whichever thread it is`() async {
    let executor = ProcessExecutor(slots: 4)
    let (began, beginning) = AsyncStream.makeStream(of: AttemptID.self)
    let ends = await withTaskGroup(of: ProcessReport.End.self) { group in
      for number in 1...8 {
        let order = order(Int64(number), "sleep 1000")
        group.addTask { await executor.end(of: order) { _ in beginning.yield(order.id) }.end }
      }
      var count = 0
      for await id in began {
        executor.kill(id, grace: .zero)
        count += 1
        if count == 4 { break }
      }
      // Four wait or have just begun.
      for number in 1...8 { executor.kill(AttemptID(Int64(number)), grace: .zero) }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(ends == Array(repeating: .killed, count: 8))
  }

  @Test func `What waits when the executor is shut down ends without a start`() async {
    let executor = ProcessExecutor(slots: 2)
    let (began, beginning) = AsyncStream.makeStream(of: Void.self)
    let reports = await withTaskGroup(of: ProcessReport.self) { group in
      for number in 1...2 {
        let order = order(Int64(number), "sleep 1000")
        group.addTask { await executor.end(of: order) { _ in beginning.yield() } }
      }
      var count = 0
      for await _ in began {
        count += 1
        if count == 2 { break }
      }
      for number in 3...6 {
        let order = order(Int64(number), "true")
        group.addTask { await executor.run(order) }
      }
      executor.shutDown()
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(reports.allSatisfy { $0.end == .killed })
    #expect(reports.filter { $0.pid != nil }.map(\.id.number).sorted() == [1, 2])
  }

  @Test func `A recall takes back what waits and leaves alone what runs`() async {
    let executor = ProcessExecutor(slots: 1)
    let (began, beginning) = AsyncStream.makeStream(of: Void.self)
    async let running = executor.end(of: order(1, "sleep 1000")) { _ in beginning.yield() }
    for await _ in began { break }
    async let waiting = executor.end(of: order(2, "true"))
    async let free = executor.run(workspace.order(.shell("true"), number: 3, log: false))
    // What takes no slot is not in the line.
    #expect(await free.end == .exited(0))
    executor.recallWaiting()
    let recalled = await waiting
    #expect(recalled.end == .killed)
    #expect(recalled.pid == nil)
    executor.kill(AttemptID(1), grace: .zero)
    let killed = await running
    #expect(killed.end == .killed)
    #expect(killed.pid != nil)
  }

  @Test func `More slots start what waits at once, fewer let what runs end first`() async {
    let executor = ProcessExecutor(slots: 1)
    let (began, beginning) = AsyncStream.makeStream(of: AttemptID.self)
    let left = await withTaskGroup(of: ProcessReport.self) { group in
      for number in 1...5 {
        let order = order(Int64(number), "sleep 1000")
        group.addTask { await executor.end(of: order) { _ in beginning.yield(order.id) } }
      }
      var running: [AttemptID] = []
      for await id in began {
        running.append(id)
        if running.count == 1 { executor.resize(slots: 4) }
        if running.count == 4 { break }
      }
      executor.resize(slots: 1)
      // Three of four end; the one that still runs has the only slot.
      for id in running.prefix(3) { executor.kill(id, grace: .zero) }
      for _ in 0..<3 { _ = await group.next() }
      executor.recallWaiting()
      executor.kill(running[3], grace: .zero)
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(left.map(\.end) == [.killed, .killed])
    #expect(left.count { $0.pid == nil } == 1, "the fifth never began")
  }

  @Test func `An order that cannot start frees its slot for the next one`() async {
    let executor = ProcessExecutor(slots: 1)
    struct NoFolder: Error {}
    var refused = order(1, "true")
    refused.beforeStart = { throw NoFolder() }
    async let first = executor.run(refused)
    async let second = executor.run(order(2, "true"))
    let (one, two) = await (first, second)
    guard case .couldNotStart = one.end else {
      Issue.record("it started: \(one)")
      return
    }
    #expect(two.end == .exited(0))
  }

  @Test func `Whoever waits for ends is told of each, soon`() async {
    let (told, telling) = AsyncStream.makeStream(of: Void.self)
    let executor = ProcessExecutor(slots: 1) { telling.yield() }
    let ended = Mutex(0)
    for number in 1...5 {
      executor.launch(order(Int64(number), "true")) { event in
        if case .ended = event { ended.withLock { $0 += 1 } }
      }
    }
    for await _ in told where ended.withLock({ $0 }) == 5 { break }
  }
}

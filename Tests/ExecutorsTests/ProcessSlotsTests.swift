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

// Who goes next when several runs wait for one provider.

/// Start-time fair queueing: each flow gets its share, whatever the others ask for.
///
/// Within a flow first in, first out. Across flows the smallest start tag goes first:
/// `S = max(V, F of the flow)`, `F = S + cost / weight`, V the start tag last served. A smaller waiter
/// of another flow may pass the head at most `passesMax` times, and only where the caller says that
/// the head's time does not move. Source: Goyal, Vin, Cheng, "Start-Time Fair Queueing", 1996.
///
/// Tags are given when a waiter reaches the front of its flow, so that a cancelled one costs its
/// flow nothing. Serving is O(flows), cancelling O(waiters of the flow).
public struct FairQueue<Flow: Hashable & Sendable, Element: Sendable>: Sendable {
  /// A waiter's number; it cancels by it.
  public struct Ticket: Hashable, Sendable {
    let number: UInt64
    let flow: Flow
  }

  /// A waiter.
  public struct Waiter: Sendable {
    /// Its number.
    public let ticket: Ticket
    /// The run that it belongs to.
    public let flow: Flow
    /// What waits.
    public let element: Element
    let cost: Double
    let weight: Double
    let arrivedAt: Double
  }

  private struct Line {
    var waiters: [Waiter] = []
    /// Index of the first that still waits; served ones are dropped in bulk.
    var front = 0
    var finish = 0.0

    var head: Waiter? { front < waiters.count ? waiters[front] : nil }

    mutating func removeHead() {
      front += 1
      guard front > 32, front * 2 > waiters.count else { return }
      waiters.removeFirst(front)
      front = 0
    }
  }

  /// How often the head may be passed.
  public let passesMax: Int
  /// Waiters in all.
  public private(set) var count = 0
  private var lines: [Flow: Line] = [:]
  private var virtualTime = 0.0
  private var nextNumber: UInt64 = 0
  private var passed: (head: Ticket, times: Int)?

  /// Makes an empty queue.
  public init(passesMax: Int = 8) { self.passesMax = passesMax }

  /// Adds a waiter at the end of its flow.
  ///
  /// - Parameters:
  ///   - cost: What it will use, in any unit that all share; below 1 counts as 1.
  ///   - weight: The flow's share in proportion to the others'.
  public mutating func enqueue(
    _ element: Element, flow: Flow, cost: Double = 1, weight: Double = 1
  ) -> Ticket {
    precondition(weight > 0, "a flow without weight would never be served")
    let ticket = Ticket(number: nextNumber, flow: flow)
    nextNumber += 1
    count += 1
    let waiter = Waiter(
      ticket: ticket, flow: flow, element: element, cost: max(1, cost), weight: weight,
      arrivedAt: virtualTime)
    lines[flow, default: Line()].waiters.append(waiter)
    return ticket
  }

  /// Takes a waiter out; `nil` when it was served or cancelled before.
  public mutating func cancel(_ ticket: Ticket) -> Element? {
    guard var line = lines[ticket.flow],
      let index = line.waiters[line.front...].firstIndex(where: { $0.ticket == ticket })
    else { return nil }
    let waiter = line.waiters.remove(at: index)
    lines[ticket.flow] = line
    count -= 1
    forgetIdleLines()
    return waiter.element
  }

  /// The waiter whose turn it is; the only one that needs a timer.
  public var head: Waiter? { inOrder().first }

  /// Serves the head when it may start, otherwise a waiter that may pass it.
  ///
  /// - Parameters:
  ///   - canStart: Whether the head may start now.
  ///   - canPass: Whether the first waiter may start now without moving the time of the second.
  public mutating func next(
    where canStart: (Element) -> Bool, passing canPass: (Element, Element) -> Bool
  ) -> Waiter? {
    let order = inOrder()
    guard let head = order.first else { return nil }
    if canStart(head.element) { return serve(head) }
    let times = passed?.head == head.ticket ? passed?.times ?? 0 : 0
    guard times < passesMax,
      let small = order.dropFirst().first(where: { canPass($0.element, head.element) })
    else { return nil }
    passed = (head.ticket, times + 1)
    return serve(small)
  }

  /// The first waiter of each flow, in the order of their start tags; of equals the earlier.
  private func inOrder() -> [Waiter] {
    lines.values.compactMap { line in line.head.map { (startTag($0, in: line), $0) } }
      .sorted { ($0.0, $0.1.ticket.number) < ($1.0, $1.1.ticket.number) }
      .map(\.1)
  }

  private func startTag(_ waiter: Waiter, in line: Line) -> Double {
    max(waiter.arrivedAt, line.finish)
  }

  private mutating func serve(_ waiter: Waiter) -> Waiter {
    guard var line = lines[waiter.flow] else { return waiter }
    let start = startTag(waiter, in: line)
    line.finish = start + waiter.cost / waiter.weight
    line.removeHead()
    lines[waiter.flow] = line
    virtualTime = max(virtualTime, start)
    count -= 1
    forgetIdleLines()
    return waiter
  }

  /// A flow that nobody waits in, and whose finish tag the virtual time has passed, is forgotten.
  private mutating func forgetIdleLines() {
    guard lines.count > 16 || count == 0 else { return }
    lines = lines.filter { $0.value.head != nil || $0.value.finish > virtualTime }
  }
}

// The queue in the hands of a person: a million rows, rows that move, filters and marks.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct QueueTests {
  @Test func `the first news ask for a page, then for the selected item and its log`() {
    let run = FakeRun(count: 1000)
    var model = DashboardModel(size: Size(columns: 80, rows: 24), now: FakeRun.now)
    let query = ItemQuery(limit: 40)
    #expect(
      update(&model, .snapshot(run.snapshot())) == [
        .setTitle("footplate: document-modules 10% 4 failed"), .fetchPage(query),
      ])
    #expect(
      update(&model, .page(run.page(query), for: query)) == [
        .fetchDetail(ItemID(1)), .followLog(ItemID(1)),
      ])
  }

  @Test func `the selection follows the item when the list moves`() {
    var desk = Desk()
    desk.press("jj")
    #expect(desk.model.queue.selected == ItemID(3))
    // Two items before it are gone to the end of the list.
    var page = desk.run.page(ItemQuery(limit: 40))
    page.rows.removeFirst(2)
    desk.answers = false
    desk.send(.snapshot(desk.run.snapshot(at: FakeRun.now.advanced(by: .seconds(1)))))
    guard let query = desk.model.queue.awaited?.query else {
      Issue.record("no page was asked for")
      return
    }
    desk.send(.page(page, for: query))
    #expect(desk.model.queue.selected == ItemID(3))
    #expect(desk.model.queue.selectedIndex == 0)
    desk.answers = true
    desk.press("R")
    #expect(desk.submitted == [.items(.retryAgain, .ids([ItemID(3)]))])
  }

  @Test func `an action goes to the item even when it has left the window`() {
    var desk = Desk()
    desk.press("j")
    var page = desk.run.page(ItemQuery(limit: 40))
    page.rows.remove(at: 1)
    desk.answers = false
    desk.send(.snapshot(desk.run.snapshot(at: FakeRun.now.advanced(by: .seconds(1)))))
    desk.send(.page(page, for: ItemQuery(limit: 40)))
    #expect(desk.model.queue.selectedIndex == nil)
    #expect(desk.canvas.line(3).contains("selected one moved out of view"))
    desk.press("R")
    #expect(desk.submitted == [.items(.retryAgain, .ids([ItemID(2)]))])
    // The next step starts where it was.
    desk.press("j")
    #expect(desk.model.queue.selected == ItemID(3))
  }

  @Test func `a million rows are walked in windows of three screens`() {
    var desk = Desk(run: FakeRun(count: 1_000_000))
    for _ in 0..<300 { desk.press("<pgdn>") }
    #expect(desk.model.queue.selected == ItemID(1 + 300 * 8))
    #expect(desk.model.queue.rows.count <= 60 + 40)
    for _ in 0..<300 { desk.press("<pgup>") }
    #expect(desk.model.queue.selected == ItemID(1))
    #expect(!desk.model.queue.hasEarlier)
    desk.press("G")
    #expect(desk.model.queue.selected == ItemID(1_000_000))
    #expect(desk.commands.first == .fetchPage(ItemQuery(start: .last, limit: 40)))
    #expect(desk.screen.contains("▸ done   Sources/File999999.swift"))
    desk.press("kkg")
    #expect(desk.model.queue.selected == ItemID(1))
  }

  @Test func `every row of a long list is seen once, in order, going down and up`() {
    var desk = Desk(run: FakeRun(count: 700))
    var seen: [Int64] = []
    for _ in 0..<699 {
      seen.append(desk.model.queue.selected?.number ?? 0)
      desk.press("j")
    }
    #expect(seen == Array(1...699))
    for number in (1...700).reversed() {
      #expect(desk.model.queue.selected?.number == Int64(number))
      desk.press("k")
    }
  }

  @Test func `a page that nobody waits for any more is ignored`() {
    var desk = Desk()
    desk.answers = false
    desk.press("/Auth<enter>")
    let old = ItemQuery(limit: 40)
    desk.send(.page(ItemPage(rows: [], hasEarlier: false, hasLater: false), for: old))
    #expect(!desk.model.queue.rows.isEmpty)
    let wanted = ItemQuery(filter: ItemFilter(keyContains: "Auth"), limit: 40)
    #expect(desk.commands == [.fetchPage(wanted)])
  }

  @Test func `news while a page is on its way are asked for once it has come`() {
    var desk = Desk()
    desk.answers = false
    desk.press(">")
    for second in 1...5 {
      let at = FakeRun.now.advanced(by: .seconds(second))
      desk.send(.snapshot(desk.run.snapshot(at: at)))
    }
    let pages = desk.commands.filter { if case .fetchPage = $0 { true } else { false } }
    #expect(pages == [.fetchPage(ItemQuery(order: .source, limit: 40))])
    desk.press("")
    desk.send(
      .page(desk.run.page(ItemQuery(limit: 40)), for: ItemQuery(order: .source, limit: 40)))
    #expect(desk.commands.contains(.fetchPage(ItemQuery(order: .source, limit: 40))))
  }

  @Test func `a filter shows what matches and says how many; esc shows all again`() {
    var desk = Desk()
    desk.press("/st:f|wait<enter>")
    let filter = ItemFilter(states: [.failed, .waiting])
    #expect(desk.commands.first == .fetchPage(ItemQuery(filter: filter, limit: 40)))
    #expect(desk.canvas.line(3).contains(" 6 shown: st:f|wait · trouble first "))
    #expect(desk.model.queue.rows.count == 6)
    desk.press("<esc>")
    #expect(desk.model.queue.filter == ItemFilter())
  }

  @Test func `a filter that cannot be read stays open and says what is wrong`() {
    var desk = Desk()
    desk.press("/st:lost<enter>")
    #expect(
      desk.canvas.line(22).hasPrefix(
        "filter: st:lost    no state 'lost': queued wait run done skip fail cancel"))
    #expect(desk.commands.isEmpty)
    desk.press("<esc>")
    #expect(desk.model.queue.filterText == "")
  }

  @Test func `the order goes round and can be inverted`() {
    var desk = Desk()
    desk.press("<gt>")
    #expect(desk.commands.first == .fetchPage(ItemQuery(order: .source, limit: 40)))
    desk.press("i")
    #expect(
      desk.commands.first == .fetchPage(ItemQuery(order: .source, isDescending: true, limit: 40)))
    #expect(desk.canvas.line(3).contains("source order, inverted"))
    desk.press("<lt><lt>")
    #expect(desk.model.queue.order == .age)
  }

  @Test func `space marks and goes on, a range marks what lies between, backslash clears`() {
    var desk = Desk()
    desk.press("<space><space>jvjjv")
    #expect(desk.model.queue.marks.keys.sorted().map(\.number) == [1, 2, 4, 5, 6])
    desk.press("\\")
    #expect(desk.model.queue.marks.isEmpty)
  }

  @Test func `all that the filter shows is marked by its ids`() {
    var desk = Desk()
    desk.press("/st:fail<enter>*")
    #expect(desk.model.queue.marks.count == 4)
    let asked = desk.commands.contains {
      if case .collectMarks(let query, 100_000) = $0 {
        query.filter.states == [.failed]
      } else {
        false
      }
    }
    #expect(asked)
  }

  @Test func `n goes to the next failed row, N back`() {
    var desk = Desk()
    desk.press("jjjjN")
    #expect(desk.model.queue.selected == ItemID(4))
    desk.press("gn")
    #expect(desk.model.queue.selected == ItemID(2))
    desk.press("nnn")
    #expect(desk.canvas.line(22).contains("no other failed item near here"))
  }

  @Test func `a countdown runs with the clock`() {
    var desk = Desk()
    #expect(desk.canvas.line(9).contains("retry in 0:22"))
    desk.wait(.seconds(5))
    #expect(desk.canvas.line(9).contains("retry in 0:17"))
    desk.wait(.seconds(60))
    #expect(desk.canvas.line(9).contains("  due  exit 1"))
  }
}

extension Desk {
  /// The actions that were handed over since the last key.
  var submitted: [Request.Action] {
    commands.compactMap { if case .submit(let action, _, _) = $0 { action } else { nil } }
  }
}

extension ItemAction {
  static var retryAgain: ItemAction { .retry(fromStep: nil, overrides: Overrides()) }
}

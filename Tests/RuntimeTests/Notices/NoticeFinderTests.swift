// What a person is told of a run, and how often.

import BatchModel
import Resilience
import Testing

@testable import Runtime

@Suite("Notices")
struct NoticeFinderTests {
  private static let run = RunID("run-test")

  private static func moved(
    _ state: RunState, cause: RunMoved.Cause? = nil
  ) -> Change {
    .runMoved(RunMoved(run: run, to: state, why: "because", by: "engine", cause: cause))
  }

  private static func failed(_ signature: String) -> Change {
    .itemMoved(
      ItemMoved(
        item: ItemID(1), to: .failed, step: 0, signature: Signature(text: signature), note: "exit 1"
      ))
  }

  private static func provider(_ word: String) -> Change {
    .providerMoved(
      ProviderMoved(provider: "mock", to: word, why: "3 failures", state: ProviderState()))
  }

  @Test("are of a run's end, pause and stop, and of its cap besides")
  func runs() {
    var finder = NoticeFinder()
    #expect(finder.notices(in: [Self.moved(.finished)]).map(\.event) == [.finished])
    #expect(finder.notices(in: [Self.moved(.paused)]).map(\.event) == [.paused])
    #expect(
      finder.notices(in: [Self.moved(.paused, cause: .capReached)]).map(\.event)
        == [.paused, .capReached])
    #expect(finder.notices(in: [Self.moved(.stopped)]).map(\.event) == [.stopped])
    #expect(finder.notices(in: [Self.moved(.running), Self.moved(.superseded)]).isEmpty)
  }

  @Test("are of an open breaker and a used-up quota, and not of what closes by itself")
  func providers() {
    var finder = NoticeFinder()
    let words = ["breaker-open", "breaker-half-open", "breaker-closed", "rate-limited", "held"]
    let notices = words.flatMap { finder.notices(in: [Self.provider($0)]) }
    #expect(notices.map(\.event) == [.breakerOpen, .quota])
    #expect(notices.first?.why == "mock: 3 failures")
  }

  @Test("are of the first failure of each group, and of none that was known before")
  func failures() {
    let known = FailureGroup(
      name: "G-01", signature: Signature(text: "old"), count: 1, firstAt: .init(milliseconds: 0),
      lastAt: .init(milliseconds: 0), sampleKey: "a")
    var finder = NoticeFinder(known: [known])
    let changes = ["old", "new", "new", "other"].map(Self.failed)
    #expect(finder.notices(in: changes).map(\.event) == [.newFailure, .newFailure])
    #expect(finder.notices(in: changes).isEmpty)
  }
}

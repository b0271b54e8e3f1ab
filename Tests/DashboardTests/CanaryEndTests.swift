// What is said of a canary that has ended.

import BatchModel
import Canvas
import Dashboard
import Testing

@Suite struct CanaryEndTests {
  private func group(_ count: Int, retrying: Int = 0) -> FailureGroup {
    FailureGroup(
      name: "G-01", signature: FakeRun.lint, count: count, firstAt: FakeRun.now,
      lastAt: FakeRun.now, sampleKey: "a", retrying: retrying)
  }

  private func canary(failed: Int) -> CanaryFigures {
    CanaryFigures(
      signature: FakeRun.lint, name: "G-01", tried: 5, passed: 1, failed: failed, of: 5, rest: 10)
  }

  /// A desk at a canary that is under way.
  private func desk(_ columns: Int = 80, failed: Int = 0) -> Desk {
    var run = FakeRun(count: 100)
    run.otherGroups = [group(10, retrying: 5)]
    run.canaries = [canary(failed: failed)]
    return Desk(columns, 24, run: run)
  }

  private func end(_ desk: inout Desk, _ groups: [FailureGroup]) {
    desk.run.canaries = []
    desk.run.otherGroups = groups
    desk.wait(.seconds(1))
  }

  @Test(arguments: [80, 120])
  func `one that failed says how many did, and its group goes on saying so`(columns: Int) {
    var desk = desk(columns, failed: 2)
    end(&desk, [group(14)])
    #expect(
      desk.model.toast?.text == "canary of G-01: 4 of 5 failed, 10 stay failed")
    #expect(desk.model.toast?.isError == true)
    desk.wait(.seconds(10))
    #expect(desk.model.toast == nil)
    desk.press("2")
    #expect(desk.screen.contains("canary: 4 of 5 failed, 10 stay failed"))
    end(&desk, [group(4)])
    #expect(!desk.screen.contains("canary:"), "the failures that were its are gone")
  }

  @Test func `one that passed says nothing`() {
    var desk = desk()
    end(&desk, [group(0)])
    #expect(desk.model.toast == nil)
    desk.press("2")
    #expect(!desk.screen.contains("stay failed"))
  }

  @Test func `a new canary of the group takes the place of what the last one came to`() {
    var desk = desk(failed: 3)
    end(&desk, [group(13)])
    desk.run.canaries = [canary(failed: 0)]
    desk.wait(.seconds(10))
    desk.press("2")
    #expect(!desk.screen.contains("stay failed"))
    #expect(desk.screen.contains("10 wait for it"))
  }
}

// How many of these tests run at once: each has several processes, and two cores have to do.

import Testing

/// The turns that there are.
actor Turns {
  static let shared = Turns()
  private var free = 3
  private var waiting: [(need: Int, CheckedContinuation<Void, Never>)] = []

  func take(_ need: Int) async {
    guard free < need || !waiting.isEmpty else {
      free -= need
      return
    }
    await withCheckedContinuation { waiting.append((need, $0)) }
  }

  func giveBack(_ count: Int) {
    free += count
    while let first = waiting.first, first.need <= free {
      free -= first.need
      waiting.removeFirst().1.resume()
    }
  }
}

/// Lets a test begin when it is its turn.
struct Turn: SuiteTrait, TestTrait, TestScoping {
  let need: Int
  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @Sendable @concurrent () async throws -> Void
  ) async throws {
    await Turns.shared.take(need)
    do {
      try await function()
    } catch {
      await Turns.shared.giveBack(need)
      throw error
    }
    await Turns.shared.giveBack(need)
  }
}

extension Trait where Self == Turn {
  /// Beside two others.
  static var turn: Turn { Turn(need: 1) }
  /// Alone among these tests, for what needs quiet.
  static var alone: Turn { Turn(need: 3) }
}

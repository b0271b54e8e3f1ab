// The chain of models: what moves it, and what it remembers.

import Resilience
import Testing

@Suite("A fallback chain")
struct FallbackChainTests {
  @Test("a time-out moves to the next model, another failure does not")
  func moves() throws {
    var chain = FallbackChain("large", then: ["small"])
    #expect(chain.report(.failed) == .stay("large"))
    #expect(chain.report(.timedOut) == .ask("small"))
    chain = try afterCrash(chain)
    #expect(chain.current == "small")
    #expect(chain.report(.answered) == .stay("small"))
    #expect(chain.answeredBy == "small")
  }

  @Test("at its end it tells the whole history")
  func ends() {
    var chain = FallbackChain("large", then: ["small"])
    _ = chain.report(.timedOut)
    let all: [FallbackChain<String>.Step] =
      if case .exhausted(let steps) = chain.report(.timedOut) { steps } else { [] }
    #expect(all.map(\.model) == ["large", "small"])
    #expect(chain.answeredBy == nil)
  }

  @Test("refuses a stored form that points beyond its models")
  func corrupt() {
    #expect(throws: (any Error).self) {
      try decode(FallbackChain<String>.self, #"{"models":["a"],"history":[],"position":3}"#)
    }
  }
}

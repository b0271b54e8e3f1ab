// What a plan says of costs and of time.

import BatchDefinition
import BatchModel
import Engine
import Runtime
import Testing

@Suite("The estimate of a plan") struct PlanEstimateTests {
  private func estimate(_ provider: String) throws -> PlanEstimate {
    let batch = try TestBatch(
      """
      version: 1
      name: test
      items: {lines: items.txt}
      steps:
        - {id: look, run: [cat, "{{line}}"]}
        - id: write
          llm: {provider: one, model: large, prompt: write.md, max_tokens: 100}
        - id: judge
          llm: {provider: one, model: large, prompt: judge.md, max_tokens: 10}
        - {id: tidy, run: [tidy], max_cost: 2.00}
      providers:
        one: {api: anthropic, base_url: "http://127.0.0.1:1", \(provider)}
      prices: {large: {input: 1.00, output: 10.00}}
      """,
      files: [
        "items.txt": "a\nb\n",
        "write.md": "Write of {{line}}.", "judge.md": "Judge {{write.text}}.",
      ])
    let planner = try Planner(
      layout: batch.layout, definition: try DefinitionFile.load(batch.definitionPath),
      insistence: .none)
    var estimate = try planner.estimate()
    try planner.forEach { estimate.count($0) }
    return estimate
  }

  @Test("counts every step from the first that runs, and what each may cost at most")
  func costs() throws {
    let estimate = try estimate("limits: {requests_per_minute: 60}")
    #expect(estimate.lines.map(\.step) == ["write", "judge", "tidy"])
    #expect(estimate.lines.map(\.calls) == [2, 2, 2])
    // 2 × (100 + 10) tokens out, at ten dollars a million, are the least that the bound holds.
    let worst = try #require(estimate.worstCase)
    let calls = worst.picodollars - 4_000_000_000_000
    #expect(calls > 2_200_000_000 && calls < 10_000_000_000, "\(calls)")
    #expect(estimate.byLastMeans == nil)
  }

  @Test("tells the limit that takes the longest")
  func pace() throws {
    let requests = try #require(try estimate("limits: {requests_per_minute: 60}").pace)
    #expect(requests.atLeast == .seconds(4))
    #expect(requests.limit == "60 requests a minute")
    let both = "limits: {requests_per_minute: 60, output_tokens_per_minute: 10}"
    #expect(try #require(try estimate(both).pace).limit == "10 output tokens a minute")
    #expect(try estimate("limits: {concurrent: 2}").pace == nil)
  }

  @Test("counts no cost of calls on a subscription")
  func subscription() throws {
    let free = try estimate("billing: subscription")
    #expect(free.worstCase == Money(picodollars: 4_000_000_000_000))
  }
}

// Prices and costs: exact, rounded up, and never above the bound that was reserved.

import BatchModel
import Resilience
import Testing

@testable import Providers

@Suite("A price")
struct PriceTests {
  @Test(
    "is read exactly",
    arguments: [
      ("3.00", 3_000_000_000_000), ("3", 3_000_000_000_000), ("0.075", 75_000_000_000),
      ("0", 0), ("0.000000000001", 1), ("0.0000000000001", 1), ("10000", 10_000_000_000_000_000),
      ("1.2e-05", 12_000_000), ("2E1", 20_000_000_000_000), ("0.1000000000001", 100_000_000_001),
    ] as [(String, Int64)])
  func exact(text: String, expected: Int64) {
    #expect(TokenPrice(dollarsPerMillion: text)?.picodollarsPerMillion == expected)
  }

  @Test(
    "is refused when it is no price",
    arguments: [
      "", "-1", "+1", "nan", "NaN", "inf", "1,5", "1.", ".5", "1.2.3", "0x10", " 1", "1 ", "$3",
      "10000.01", "1e5", "1e999", "99999999999999999999", "1e", "e5", "٣",
    ])
  func refused(text: String) {
    #expect(TokenPrice(dollarsPerMillion: text) == nil)
  }

  @Test("gives the cost of a call to the pico-dollar")
  func cost() throws {
    let price = try #require(PriceTable.builtIn["claude-sonnet-4-5-20250929"].price)
    let usage = Usage(
      inputTokens: 25, cacheReadTokens: 2000, cacheWriteTokens: 60, hourCacheWriteTokens: 40,
      outputTokens: 15, reasoningTokens: 5)
    // 25·3 + 2000·0.30 + 60·3.75 + 40·6 + 15·15 = 1365 millionths of a dollar.
    #expect(price.cost(of: usage) == Money(picodollars: 1_365_000_000))
  }

  @Test("is rounded up once, at the end")
  func roundedUp() throws {
    let third = try #require(TokenPrice(dollarsPerMillion: "0.000000000001"))
    let price = Price(rates: .init(input: third, output: third))
    #expect(price.cost(of: Usage(inputTokens: 1, outputTokens: 1)) == Money(picodollars: 1))
    #expect(price.cost(of: Usage(inputTokens: 999_999, outputTokens: 1)) == Money(picodollars: 1))
    #expect(price.cost(of: Usage(inputTokens: 1_000_000, outputTokens: 1)) == Money(picodollars: 2))
    #expect(price.cost(of: Usage()) == .zero)
  }

  @Test("changes for the whole call when the prompt is long")
  func longPrompt() throws {
    let price = try #require(PriceTable.builtIn["claude-haiku-5-5"].price)
    let at = price.cost(of: Usage(inputTokens: 40_000, cacheReadTokens: 60_000, outputTokens: 1000))
    #expect(at == Money(picodollars: 40_000 * 100_000 + 60_000 * 10_000 + 1000 * 500_000))
    let above = price.cost(
      of: Usage(inputTokens: 40_001, cacheReadTokens: 60_000, outputTokens: 1000))
    #expect(above == Money(picodollars: 40_001 * 500_000 + 60_000 * 50_000 + 1000 * 2_500_000))
  }

  @Test("counts a provider's tools, and names what has no price")
  func tools() throws {
    var price = try #require(PriceTable.builtIn["claude-sonnet-4-5"].price)
    price.toolCalls = ["web_search": try #require(TokenPrice(dollarsPerMillion: "10"))]
    let usage = Usage(toolCalls: ["web_search": 3, "code": 1])
    #expect(price.cost(of: usage) == Money(picodollars: 30_000_000_000))
    #expect(price.unpriced(in: usage) == ["tool code"])
    #expect(price.unpriced(in: Usage(serviceTier: "priority")) == ["tier priority"])
    #expect(price.unpriced(in: Usage(serviceTier: "default")).isEmpty)
  }

  @Test("reads dollars of a JSON number without a trace of binary fractions")
  func dollars() {
    #expect(Money(dollars: .number(0.1)) == Money(picodollars: 100_000_000_000))
    #expect(Money(dollars: .number(0.000012)) == Money(picodollars: 12_000_000))
    #expect(Money(dollars: .integer(2)) == Money(picodollars: 2_000_000_000_000))
    #expect(Money(dollars: .number(-0.1)) == nil)
    #expect(Money(dollars: .number(1e300)) == nil)
    #expect(Money(dollars: .bool(true)) == nil)
  }
}

@Suite("The worst case")
struct WorstCaseTests {
  @Test("is never below the cost of a call within the bound, at any price")
  func bound() {
    var random = SplitMix64(seed: 17)
    var models = PriceTable.builtIn.models.compactMap { PriceTable.builtIn[$0].price }
    for _ in 0..<20 { models.append(Self.randomPrice(&random)) }
    for _ in 0..<20_000 {
      let price = models[Int.random(in: 0..<models.count, using: &random)]
      let hour = Bool.random(using: &random)
      let largest: Int64 = Bool.random(using: &random) ? 2_000 : 600_000
      let bound = CallBound(
        inputTokensMax: Int64.random(in: 0...largest, using: &random),
        outputTokensMax: Int64.random(in: 1...128_000, using: &random), mayWriteHourCache: hour)
      var left = Int64.random(in: 0...bound.inputTokensMax, using: &random)
      func take() -> Int64 {
        let part = Int64.random(in: 0...left, using: &random)
        left -= part
        return part
      }
      var usage = Usage()
      usage.cacheReadTokens = take()
      usage.cacheWriteTokens = take()
      usage.hourCacheWriteTokens = hour ? take() : 0
      usage.inputTokens = left
      usage.outputTokens = Int64.random(in: 0...bound.outputTokensMax, using: &random)
      usage.reasoningTokens = Int64.random(in: 0...usage.outputTokens, using: &random)
      #expect(price.cost(of: usage) <= price.worstCase(of: bound), "\(price) \(usage) \(bound)")
    }
  }

  private static func randomPrice(_ random: inout SplitMix64) -> Price {
    func rate() -> TokenPrice? {
      TokenPrice(dollarsPerMillion: "0.\(UInt32.random(in: 0...4_000_000_000, using: &random))")
    }
    guard let input = rate(), let output = rate() else {
      preconditionFailure("a decimal fraction is a price")
    }
    return Price(
      rates: .init(
        input: input, output: output, cacheRead: rate(), cacheWrite: rate(),
        hourCacheWrite: rate(), reasoning: rate()),
      longPrompt: .init(aboveTokens: 1000, rates: .init(input: output, output: input)))
  }

  @Test("covers every byte of the request and every answer that is asked for")
  func ofCall() throws {
    var call = RequestTests.call(.openai)
    call.turns = [.init(.user, String(repeating: "字", count: 1000))]
    let request = try HTTPCall(call)
    let bound = CallBound(of: call, as: request)
    #expect(bound.inputTokensMax == Int64(request.body.count) + 256)
    #expect(bound.outputTokensMax == 100)
    call.params = ["n": .integer(3)]
    #expect(CallBound(of: call, as: try HTTPCall(call)).outputTokensMax == 300)
    call.outputTokensMax = .max
    #expect(CallBound(of: call, as: try HTTPCall(call)).outputTokensMax == .max)
    let price = try #require(PriceTable.builtIn["gpt-4.1"].price)
    #expect(price.worstCase(of: CallBound(of: call, as: request)) == Money(picodollars: .max))
  }

  @Test("has no bound where a parameter bills more than this request and its answer")
  func unbounded() {
    var call = RequestTests.call(.openai)
    #expect(call.unboundedParam == nil)
    for (name, value) in [
      ("tools", JSONValue.array([])), ("service_tier", .string("priority")), ("n", .number(1.5)),
      ("previous_response_id", .string("r")),
    ] {
      call.params = [name: value]
      #expect(call.unboundedParam == name)
    }
    call.params = ["service_tier": .string("flex"), "temperature": .integer(0)]
    #expect(call.unboundedParam == nil)
  }

  @Test("tells the largest answer that a rest of the budget still pays for")
  func affordable() throws {
    let price = try #require(PriceTable.builtIn["claude-sonnet-4-5"].price)
    var bound = CallBound(inputTokensMax: 1000, outputTokensMax: 4000)
    let money = Money(picodollars: 1000 * 3_750_000 + 1234 * 15_000_000 + 14_999_999)
    #expect(price.outputTokens(affordableWith: money, bound: bound) == 1234)
    #expect(price.outputTokens(affordableWith: .zero, bound: bound) == nil)
    #expect(price.outputTokens(affordableWith: Money(picodollars: .max), bound: bound) == 4000)
    bound.outputTokensMax = 1234
    #expect(price.worstCase(of: bound) <= money)
  }
}

@Suite("The price table")
struct PriceTableTests {
  @Test("says of every row on which day which public page said so")
  func sources() throws {
    let table = PriceTable.builtIn
    #expect(table.models.count > 30)
    for model in table.models {
      let price = try #require(table[model].price)
      #expect(price.asOf?.wholeMatch(of: /20\d\d-\d\d-\d\d/) != nil)
      #expect(price.source?.hasPrefix("https://") == true)
      #expect(price.rates.output >= price.rates.input)
      #expect(price.rates.cacheRead <= price.rates.input)
    }
  }

  @Test("finds dated snapshots, and of those with a price of their own that one")
  func snapshots() {
    let table = PriceTable.builtIn
    #expect(table["claude-sonnet-4-5-20250929"] == table["claude-sonnet-4-5"])
    #expect(table["gpt-4.1-2025-04-14"] == table["gpt-4.1"])
    #expect(table["gpt-4o-2024-05-13"] != table["gpt-4o"])
  }

  @Test("answers with a value for an unknown model, and never with nothing to pay")
  func unknown() {
    let table = PriceTable.builtIn
    #expect(
      table["claude-sonet-4-5"]
        == .unknown(model: "claude-sonet-4-5", nearest: table["claude-sonet-4-5"].nearest))
    #expect(table["claude-sonet-4-5"].nearest?.hasPrefix("claude-son") == true)
    #expect(table["llama-3"] == .unknown(model: "llama-3", nearest: nil))
    #expect(table["gpt-4.1-2025"].price == nil)
    #expect(table[""].price == nil)
  }

  @Test("lets the definition's own prices go first")
  func overrides() throws {
    let one = try #require(TokenPrice(dollarsPerMillion: "1"))
    let own = Price(rates: .init(input: one, output: one))
    let table = PriceTable.builtIn.overridden(by: ["gpt-4.1": own, "mine": own])
    #expect(table["gpt-4.1"] == .known(own))
    #expect(table["mine"] == .known(own))
    #expect(table["gpt-4o"] == PriceTable.builtIn["gpt-4o"])
  }

  @Test(
    "refuses a file with a row that cannot be",
    arguments: [
      "", "{}", #"{"models":{"m":{}}}"#,
      #"{"sources":{"s":{"url":"u","as_of":"d"}},"models":{"m":{"source":"s","input":"1"}}}"#,
      #"{"sources":{"s":{"url":"u","as_of":"d"}},"models":{"m":{"source":"s","input":1,"output":"1"}}}"#,
      #"{"sources":{"s":{"url":"u","as_of":"d"}},"models":{"m":{"source":"s","input":"nan","output":"1"}}}"#,
    ])
  func brokenFile(text: String) {
    #expect(throws: PriceTable.FileMistake.self) { try PriceTable(file: Array(text.utf8)) }
  }
}

extension PriceTable.Lookup {
  fileprivate var nearest: String? {
    guard case .unknown(_, let nearest) = self else { return nil }
    return nearest
  }
}

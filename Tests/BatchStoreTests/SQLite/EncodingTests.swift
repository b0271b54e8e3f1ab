// The hand-written encoders against the real ones: faster, never different.

import BatchModel
@testable import BatchStore
import Foundation
import Resilience
import Testing

@Suite("Encodings")
struct EncodingTests {
  private static let texts = [
    "", "plain", "a\"b\\c/d", "\u{0}\u{1}\u{8}\u{9}\u{A}\u{C}\u{D}\u{1B}\u{1F}\u{7F}\u{80}",
    "\u{2028}\u{FEFF}🚂é\u{301}", "</script>",
  ]

  private static func changes(_ text: String) -> [Change] {
    let digest = Digest(of: text)
    let object = SealedObject(digest: digest, sizeBytes: .max)
    let key = StepKey(components: [
      KeyComponent(name: text, half: .input, digest: digest, path: text),
      KeyComponent(name: "x", half: .recipe, digest: digest),
    ])
    let (item, attempt) = (ItemID(.max), AttemptID(1))
    let usage = ProcessUsage(elapsedMilliseconds: -1, outputBytes: 3)
    let failure = Failure(kind: .notStarted, status: -9, message: text)
    let signature = Signature(text: text)
    let result = ResultRecorded(
      attempt: attempt, item: item, step: 2, candidate: object, usage: usage)
    let bare = ResultRecorded(attempt: attempt, item: item, step: 2, candidate: nil, usage: usage)
    let reservation = Reservation(
      provider: text, model: text, worstCase: Money(picodollars: .max), billing: .subscription)
    let metered = Reservation(provider: "p", model: "m", worstCase: .zero)
    let consumption = Consumption(
      provider: text, model: text, inputTokens: 1, cacheReadTokens: 2, cacheWriteTokens: 3,
      outputTokens: 4, reasoningTokens: 5, cost: Money(picodollars: .min), billing: .subscription)
    var charged = result
    charged.consumption = consumption
    charged.commit = text
    var breaker = CircuitBreaker(options: CircuitBreaker.Options())
    breaker.isolate()
    return [
      .attemptStarted(
        AttemptStarted(
          attempt: attempt, item: item, step: 0, tryNumber: 1, epoch: Epoch(3), key: key, why: text)
      ),
      .attemptStarted(
        AttemptStarted(
          attempt: attempt, item: item, step: 0, tryNumber: 1, epoch: Epoch(3),
          key: StepKey(components: []), why: "")),
      .attemptLaunched(AttemptLaunched(attempt: attempt, item: item, pid: -1)),
      .attemptEnded(
        AttemptEnded(
          attempt: attempt, item: item, outcome: .failed, failure: failure, signature: signature,
          usage: usage)),
      .attemptEnded(AttemptEnded(attempt: attempt, item: item, outcome: .neverStarted)),
      .resultRecorded(result), .resultRecorded(bare),
      .resultRejected(
        ResultRejected(attempt: attempt, item: item, failure: failure, signature: signature)),
      .stepDone(
        StepDone(
          attempt: attempt, item: item, step: 1,
          artifacts: [Artifact(path: text, object: object), Artifact(path: "b", object: object)],
          warnings: [text, "w"], nextStep: 2, result: result)),
      .stepDone(
        StepDone(attempt: attempt, item: item, step: 1, artifacts: [], nextStep: nil, result: bare)),
      .stepDone(
        StepDone(
          attempt: attempt, item: item, step: 1, artifacts: [], nextStep: nil,
          acceptance: Acceptance(
            by: "by " + text, at: Instant(nanoseconds: -1), reason: text,
            overruled: text + " over"))),
      .itemMoved(
        ItemMoved(
          item: item, to: .waiting, step: 1, tries: 2, waitReason: .retry,
          until: Instant(nanoseconds: .min), skipReason: .olderRecipe, signature: signature,
          note: text)),
      .itemMoved(ItemMoved(item: item, to: .queued, step: 0)),
      .itemMoved(ItemMoved(item: item, to: .queued, step: 0, model: 3)),
      .attemptStarted(
        AttemptStarted(
          attempt: attempt, item: item, step: 0, tryNumber: 1, epoch: Epoch(3), key: key, why: text,
          reservation: reservation)),
      .attemptStarted(
        AttemptStarted(
          attempt: attempt, item: item, step: 0, tryNumber: 1, epoch: Epoch(3), key: key, why: text,
          reservation: metered)),
      .attemptEnded(
        AttemptEnded(
          attempt: attempt, item: item, outcome: .deferred, failure: failure,
          signature: signature, usage: usage, consumption: consumption)),
      .attemptEnded(
        AttemptEnded(
          attempt: attempt, item: item, outcome: .unknown,
          consumption: Consumption(worstCaseOf: metered))),
      .resultRecorded(charged),
      .stepDone(
        StepDone(
          attempt: attempt, item: item, step: 1, artifacts: [], nextStep: nil, result: charged)),
      .providerMoved(
        ProviderMoved(
          provider: text, to: "held", until: Instant(milliseconds: 1), why: text,
          state: ProviderState(breaker: breaker, heldUntil: Instant(milliseconds: 2)))),
      .providerMoved(ProviderMoved(provider: "p", to: "freed", why: "", state: ProviderState())),
      .budgetMoved(
        BudgetMoved(
          state: BudgetState(cap: Money(picodollars: 1), isLatched: true), why: text, by: text)),
      .budgetMoved(BudgetMoved(state: BudgetState(), why: "", by: "")),
      .artifactTracked(
        ArtifactTracked(
          action: .merged, path: text, digest: digest, sizeBytes: 1, modifiedMilliseconds: 2,
          from: [text, "\"type\":\"item.moved\""], reason: text, source: text, language: text,
          nature: text, toldAt: Instant(milliseconds: 3), itemKey: text, attempt: 4)),
      .holdMoved(HoldMoved(.provider(text), isHeld: true, by: text)),
      .parallelMoved(ParallelMoved(nil, by: text)),
      .canaryMoved(
        CanaryMoved(
          to: .begun, request: text, signature: signature, items: [item],
          overrides: Overrides(
            prompt: text, params: ["type": .string(text), "x": .object(["type": .string(text)])]),
          rest: 3, by: text)),
      .artifactTracked(
        ArtifactTracked(
          action: .created, path: "p", source: "s", nature: "text",
          toldAt: Instant(milliseconds: 3))),
    ]
  }

  @Test("An event's kind is read out of its body without decoding it", arguments: texts)
  func kinds(text: String) {
    for change in Self.changes(text) + Self.changes(#""type":"run.moved","#) {
      let kind = EventCoding.body(of: change).withUnsafeBufferPointer { Change.Kind(ofBody: $0) }
      #expect(kind == change.kind)
    }
    #expect(Array("{}".utf8).withUnsafeBufferPointer { Change.Kind(ofBody: $0) } == nil)
    #expect([].withUnsafeBufferPointer { Change.Kind(ofBody: $0) } == nil)
  }

  @Test("An event's body is what JSONEncoder writes", arguments: texts)
  func bodies(text: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for change in Self.changes(text) {
      let body = EventCoding.body(of: change)
      let expected = try encoder.encode(change)
      #expect(String(decoding: body, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
      #expect(try JSONDecoder().decode(Change.self, from: Data(body)) == change)
    }
  }

  @Test("A payload's bytes are the canonical ones, also when members change", arguments: 0..<50)
  func payloads(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var writer = JSONBytes()
    for _ in 0..<40 {
      let value = Self.value(depth: 0, using: &random)
      var bytes: [UInt8] = []
      writer.append(value, to: &bytes)
      #expect(String(decoding: bytes, as: UTF8.self) == value.canonical)
      let read = bytes.withUnsafeBufferPointer { JSONValue(plain: $0) }
      if let read { #expect(read == (try JSONValue(parsing: value.canonical))) }
    }
  }

  private static func value(depth: Int, using random: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0..<(depth > 3 ? 6 : 8), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
    case 3: return .number(Double.random(in: -1e20...1e20, using: &random))
    case 4, 5: return .string(texts.randomElement(using: &random) ?? "")
    case 6:
      return .array(
        (0..<Int.random(in: 0...3, using: &random)).map { _ in
          value(depth: depth + 1, using: &random)
        })
    default:
      let names = ["a", "b", "é", "\"", ""].filter { _ in Bool.random(using: &random) }
      return .object(
        Dictionary(
          uniqueKeysWithValues: names.map { ($0, value(depth: depth + 1, using: &random)) }))
    }
  }

  @Test(
    "Plain JSON is read exactly or left to the real decoder",
    arguments: [
      "{}", "[]", "{\"a\":[1,-2,{\"b\":null}],\"c\":true}", "999999999999999999", "-0", "\"é\"",
    ])
  func reading(text: String) throws {
    let read = Array(text.utf8).withUnsafeBufferPointer { JSONValue(plain: $0) }
    #expect(read == (try JSONValue(parsing: text)))
  }

  @Test(
    "What is not plain is left to the real decoder",
    arguments: [
      "", "1.5", "01", "1e3", "9223372036854775807", "\"\\n\"", "{\"a\":1,}", "[1 ,2]", "{}x",
      "\"a",
      "nul", "{\"a\"}", String(repeating: "[", count: 100_000),
    ])
  func notPlain(text: String) {
    #expect(Array(text.utf8).withUnsafeBufferPointer { JSONValue(plain: $0) } == nil)
  }

  @Test(
    "Times read back as they were written",
    arguments: [
      0, 1, -1, 951_782_400_000, 1_763_700_000_123, 4_102_444_799_999, -2_208_988_800_000,
      253_402_300_799_999,
    ])
  func times(milliseconds: Int64) throws {
    var bytes: [UInt8] = []
    Timestamp.append(milliseconds, to: &bytes)
    #expect(Timestamp.parse(bytes[...]) == milliseconds)
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime]
    let date = Date(timeIntervalSince1970: (Double(milliseconds) / 1_000).rounded(.down))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.prefix(19) == formatter.string(from: date).prefix(19))
  }

  @Test("Sets of items hold what was put in", arguments: 0..<20)
  func sets(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var set = ItemSet()
    var expected: Set<Int64> = []
    for _ in 0..<200 {
      let item = Int64.random(in: 1...2_000, using: &random)
      set.insert(item)
      expected.insert(item)
    }
    for item in Int64(0)...2_100 { #expect(set.contains(item) == expected.contains(item)) }
  }
}

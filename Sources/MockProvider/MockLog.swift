// What a mock provider saw: the other side's book, against which a client's is held.

package import BatchModel

/// Counts of requests and of what was billed.
package struct MockLog: Hashable, Sendable {
  /// Keys beyond so many are counted but not told apart.
  static let keysMax = 1_000_000

  /// What one idempotency key came to.
  package struct KeyUse: Hashable, Sendable {
    package var requests: Int64 = 0
    /// Answers that were paid for.
    package var billed: Int64 = 0
  }

  package private(set) var requests: Int64 = 0
  package private(set) var requestsByStatus: [Int: Int64] = [:]
  package private(set) var requestsByModel: [String: Int64] = [:]
  /// Answers that were paid for, broken ones included.
  package private(set) var billed: Int64 = 0
  package private(set) var inputTokens: Int64 = 0
  package private(set) var outputTokens: Int64 = 0
  package private(set) var keys: [String: KeyUse] = [:]
  package private(set) var keysLeftOut: Int64 = 0
  /// Events taken by the sink, repeats among them, and their ids.
  package private(set) var events: Int64 = 0
  package private(set) var eventIDs: Set<String> = []
  package private(set) var inFlight: Int64 = 0
  package private(set) var inFlightMax: Int64 = 0

  /// Keys under which more than one answer was paid for.
  package var keysBilledTwice: Int64 { Int64(keys.values.count { $0.billed > 1 }) }
  /// Requests that repeat an earlier one's key.
  package var duplicates: Int64 { keys.values.reduce(0) { $0 + $1.requests - 1 } }

  mutating func took(events ids: [String?]) {
    events += Int64(ids.count)
    for case let id? in ids where eventIDs.count < Self.keysMax { eventIDs.insert(id) }
  }

  mutating func began() {
    inFlight += 1
    inFlightMax = max(inFlightMax, inFlight)
  }

  mutating func ended() { inFlight -= 1 }

  mutating func record(_ request: MockRequest?, status: Int, billedOutput: Int64?) {
    requests += 1
    requestsByStatus[status, default: 0] += 1
    guard let request else { return }
    requestsByModel[request.model, default: 0] += 1
    if let billedOutput {
      billed += 1
      inputTokens += request.inputTokens
      outputTokens += billedOutput
    }
    guard let key = request.idempotencyKey else { return }
    guard keys[key] != nil || keys.count < Self.keysMax else {
      keysLeftOut += 1
      return
    }
    keys[key, default: KeyUse()].requests += 1
    if billedOutput != nil { keys[key, default: KeyUse()].billed += 1 }
  }

  /// The log as JSON; the keys only when asked for, as there may be a million.
  package func json(withKeys: Bool) -> JSONValue {
    var members: [String: JSONValue] = [
      "requests": .integer(requests), "billed": .integer(billed),
      "input_tokens": .integer(inputTokens), "output_tokens": .integer(outputTokens),
      "keys": .integer(Int64(keys.count)), "keys_left_out": .integer(keysLeftOut),
      "keys_billed_twice": .integer(keysBilledTwice), "duplicates": .integer(duplicates),
      "events": .integer(events), "events_distinct": .integer(Int64(eventIDs.count)),
      "in_flight": .integer(inFlight), "in_flight_max": .integer(inFlightMax),
      "by_status": .object(
        Dictionary(uniqueKeysWithValues: requestsByStatus.map { ("\($0)", .integer($1)) })),
      "by_model": .object(requestsByModel.mapValues { .integer($0) }),
    ]
    if withKeys {
      members["by_key"] = .object(
        keys.mapValues {
          .object(["requests": .integer($0.requests), "billed": .integer($0.billed)])
        })
    }
    return .object(members)
  }
}

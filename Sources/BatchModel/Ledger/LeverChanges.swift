// What a person's levers leave in the ledger: holds, the numbers of slots, and retries of groups that
// try a few items first.

package struct HoldMoved: Hashable, Sendable, Codable {
  package var hold: Hold
  package var isHeld: Bool
  /// A user's name.
  package var by: String
  package init(_ hold: Hold, isHeld: Bool, by: String) {
    self.hold = hold
    self.isHeld = isHeld
    self.by = by
  }

  /// One sentence for a person.
  package var why: String { "\(hold) \(isHeld ? "held back" : "goes on")" }
}

package struct ParallelMoved: Hashable, Sendable, Codable {
  /// `nil`: the definition's numbers hold again.
  package var parallel: Parallel?
  /// A user's name.
  package var by: String
  package init(_ parallel: Parallel?, by: String) {
    self.parallel = parallel
    self.by = by
  }

  /// One sentence for a person.
  package var why: String {
    guard let parallel else { return "the definition's numbers of slots" }
    return "run \(parallel.run), llm \(parallel.llm)"
  }
}

/// A step in the retry of a group that tries a few items first.
///
/// ```
/// begun ──► passed ──► released
///       └─► failed
/// ```
package struct CanaryMoved: Hashable, Sendable, Codable {
  package enum Phase: String, Hashable, Sendable, Codable, CaseIterable {
    /// The first items are queued again; the rest waits for them.
    case begun
    /// All of them got done: the rest is queued again, chunk by chunk.
    case passed
    /// One of them did not: the rest stays failed.
    case failed
    /// All of the rest is queued again.
    case released
  }
  package var to: Phase
  /// The id of the request by which a person asked for it.
  package var request: String
  package var signature: Signature
  /// The first items, in the order of their failures; set when it begins.
  package var items: [ItemID]?
  /// What the retry changes; set when it begins.
  package var overrides: Overrides?
  /// How many of the first items got done, and how many did not; 0 when it begins.
  package var done: Int
  package var failed: Int
  /// Failed items of the group that still wait for the first ones.
  package var rest: Int
  /// A user's name.
  package var by: String
  package init(
    to: Phase, request: String, signature: Signature, items: [ItemID]? = nil,
    overrides: Overrides? = nil, done: Int = 0, failed: Int = 0, rest: Int, by: String
  ) {
    self.to = to
    self.request = request
    self.signature = signature
    self.items = items
    self.overrides = overrides
    self.done = done
    self.failed = failed
    self.rest = rest
    self.by = by
  }

  /// One sentence for a person.
  package var why: String {
    let tried = done + failed
    return switch to {
    case .begun: "\(items?.count ?? 0) items are tried first, \(rest) wait for them"
    case .passed: "all \(tried) items that were tried first are done: \(rest) others are retried"
    case .failed:
      "\(failed) of \(tried) items that were tried first failed: \(rest) others stay as they are"
    case .released: "the others are queued again"
    }
  }
}

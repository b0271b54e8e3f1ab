// One attempt of a `run` step, with everything rendered: what the step executor is given.

package import BatchModel

/// An attempt to start.
package struct StepOrder: Sendable {
  /// What the attempt has to leave behind.
  package enum Owes: Hashable, Sendable {
    /// Standard output is only logged; a file at FOOTPLATE_OUTPUT is a candidate nevertheless.
    case nothing
    /// Standard output is the candidate where there is any.
    case textIfAny
    /// Exit 0 without a candidate, or with an empty one, is a failure.
    case candidate
  }

  /// What the process finds on its standard input.
  package enum Input: Sendable {
    case none
    case text(String)
    /// The item's JSON, the same as in FOOTPLATE_ITEM_JSON.
    case item
  }

  package var run: RunID
  package var item: ClaimedItem
  /// The step's id.
  package var step: String
  package var attempt: AttemptID
  package var epoch: Epoch
  /// From 1.
  package var round: Int
  package var key: IdempotencyKey
  package var invocation: ProcessOrder.Invocation
  /// The step's own variables, rendered; they win over inherited ones.
  package var environment: [String: String]
  package var input: Input
  package var owes: Owes
  /// The ending of the candidate's name with its dot, `.md`, so that tools know what it is; empty
  /// for none.
  package var candidateEnding: String
  /// What a review sent back.
  package var feedback: String?
  package var timeout: Duration?
  package var stall: Duration?
  package var captureBytesMax: Int
  /// The folder that it works in, a copy or a worktree of its own; `nil` is the definition's.
  package var workspace: String?
  /// Reads standard output as it comes; `nil` leaves it to the log and the candidate.
  package var reading: OutputReading?

  package init(
    run: RunID, item: ClaimedItem, step: String, attempt: AttemptID, epoch: Epoch, round: Int = 1,
    key: IdempotencyKey, invocation: ProcessOrder.Invocation, environment: [String: String] = [:],
    input: Input = .none, owes: Owes = .nothing, candidateEnding: String = "",
    feedback: String? = nil, timeout: Duration? = nil, stall: Duration? = nil,
    captureBytesMax: Int = 64 << 20, workspace: String? = nil, reading: OutputReading? = nil
  ) {
    self.run = run
    self.item = item
    self.step = step
    self.attempt = attempt
    self.epoch = epoch
    self.round = round
    self.key = key
    self.invocation = invocation
    self.environment = environment
    self.input = input
    self.owes = owes
    self.candidateEnding = candidateEnding
    self.feedback = feedback
    self.timeout = timeout
    self.stall = stall
    self.captureBytesMax = captureBytesMax
    self.workspace = workspace
    self.reading = reading
  }
}

extension ClaimedItem {
  /// The item as a process sees it: its fields, and `key`, `ordinal` and `occurrence`, which win.
  package var document: JSONValue {
    var members: [String: JSONValue] = [:]
    if case .object(let fields) = payload { members = fields }
    members["key"] = .string(key)
    members["ordinal"] = .integer(ordinal)
    members["occurrence"] = .integer(Int64(occurrence))
    return .object(members)
  }
}

// Why an attempt failed, in the closed classes by which failures are grouped.

/// A failure of one attempt.
package struct Failure: Hashable, Sendable, Codable {
  package enum Class: String, Hashable, Sendable, Codable, CaseIterable {
    /// The command could not be started: missing, not executable.
    case notStarted = "not-started"
    case exit
    case signal
    case timeout
    case stall
    /// Exit 0 without the candidate that the step owes ("hollow success").
    case hollow
    case check
    /// A template or an input could not be read for this item.
    case input
    /// An input file changed while the attempt ran: its result belongs to no key.
    case inputChanged = "input-changed"
    /// The file that stands at the target is not what the last receipt says.
    case targetChanged = "target-changed"
    /// The artifact could not be written: path leaves the workspace, folder not writable.
    case publish
    /// The agent said that it failed, and that another try may help.
    case agent
    /// The agent said that it failed, and that another try will not help.
    case agentFinal = "agent-final"
    /// The agent wrote what is no message of the protocol: its process was ended.
    case agentProtocol = "agent-protocol"
    /// The disk was full while it ran: this says nothing about the item. It is queued again, and the
    /// run stops until there is room.
    case diskFull = "disk-full"
    /// The provider failed: 5xx, overloaded, no connection.
    case provider
    /// The provider refuses this request, and would refuse it again: key, model, size, parameters.
    case request
    /// The model or a filter declined.
    case refusal
    /// The answer was cut off by `max_tokens`.
    case truncated
    /// The answer broke off after it had begun: charged, and never replayed by itself.
    case broken
    /// What the attempt did is not known: its reply was lost, or it was broken off. Charged; tried
    /// again with the same key, unless the step says `retry_unknown: false`.
    case unknown
    /// The next call could cost more than the item's own cap allows.
    case budget
    /// A review sent the work back for the same reason again and again.
    case loop
    /// A review still wants changes after the last round.
    case rounds
    /// The item's commit does not fit onto the branch.
    case mergeConflict = "merge-conflict"
  }
  package var kind: Class
  /// The exit status or the signal's number; 0 where there is none.
  package var status: Int32
  /// One line for a person; hostile text, masked of secrets.
  package var message: String

  package init(kind: Class, status: Int32 = 0, message: String) {
    self.kind = kind
    self.status = status
    self.message = message
  }

  /// Whether another try could end otherwise.
  package var isRetryable: Bool {
    switch kind {
    case .exit, .signal, .timeout, .stall, .hollow, .check, .inputChanged, .diskFull, .provider,
      .unknown, .mergeConflict, .agent, .agentProtocol:
      true
    case .notStarted, .input, .targetChanged, .publish, .request, .refusal, .truncated, .broken,
      .budget, .loop, .rounds, .agentFinal:
      false
    }
  }
}

/// The masked form of a failure: equal signatures are one group.
package struct Signature: Hashable, Sendable, Codable {
  /// A class, a status and a masked message in one line, at most 200 bytes.
  package let text: String
  package init(text: String) { self.text = text }
  package init(from decoder: any Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

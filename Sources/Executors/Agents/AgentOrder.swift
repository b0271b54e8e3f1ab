// One attempt of an `agent` step, with everything rendered: what the agent pool is given.

package import BatchModel

/// An attempt for an agent.
package struct AgentOrder: Sendable {
  /// The item, the key, the limits and what is owed; its `invocation` and `environment` start the
  /// agent, so they should be the same for all items of a step.
  ///
  /// The agent itself starts in the definition's folder, and is told of the order's `workspace`.
  package var step: StepOrder
  package var prompt: String?
  package var params: [String: JSONValue]
  package var snapshot: SnapshotID?
  /// No sign of life for so long ends the agent.
  package var heartbeat: Duration

  package init(
    step: StepOrder, prompt: String? = nil, params: [String: JSONValue] = [:],
    snapshot: SnapshotID? = nil, heartbeat: Duration = .seconds(30)
  ) {
    self.step = step
    self.prompt = prompt
    self.params = params
    self.snapshot = snapshot
    self.heartbeat = heartbeat
  }
}

/// What one agent process can serve: orders that agree in all of it.
struct AgentIdentity: Hashable, Sendable {
  let invocation: ProcessOrder.Invocation
  let environment: [String: String]
  let run: RunID
  let step: String
  let epoch: Epoch

  init(_ order: StepOrder) {
    invocation = order.invocation
    environment = order.environment
    run = order.run
    step = order.step
    epoch = order.epoch
  }
}

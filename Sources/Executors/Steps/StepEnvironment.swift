// The environment of a step's process: what the engine has, the step's own, and FOOTPLATE_*.

package import BatchModel

/// What every process of an engine inherits.
package struct StepEnvironment: Sendable {
  /// Names that belong to one attempt: an engine inside a step must not pass them on as its own.
  package static let prefix = "FOOTPLATE_"
  /// The switches of hooks, which run inside steps too.
  private static let trackPrefix = "FOOTPLATE_TRACK"
  private let inherited: [(name: String, entry: String)]
  /// The workspace's folder, by which its processes are told from another workspace's.
  package let workspace: String

  /// - Parameter inherited: The engine's own environment; its FOOTPLATE_* are left out, but for hooks' switches.
  package init(workspace: String, inherited: [String: String]) {
    self.workspace = workspace
    self.inherited = inherited.sorted { $0.key < $1.key }
      .filter { !$0.key.hasPrefix(Self.prefix) || $0.key.hasPrefix(Self.trackPrefix) }
      .map { ($0.key, "\($0.key)=\($0.value)") }
  }

  /// The entries for one attempt.
  func entries(for order: StepOrder, staging: StagingFolder) -> [String] {
    var entries = marker(attempt: order.attempt, epoch: order.epoch)
    entries.reserveCapacity(inherited.count + order.environment.count + 12)
    entries.append("FOOTPLATE_ITEM=\(order.item.key)")
    entries.append("FOOTPLATE_ITEM_JSON=\(staging.itemDocument)")
    entries.append("FOOTPLATE_STEP=\(order.step)")
    entries.append("FOOTPLATE_ROUND=\(order.round)")
    entries.append("FOOTPLATE_RUN=\(order.run)")
    entries.append("FOOTPLATE_IDEMPOTENCY_KEY=\(order.key)")
    entries.append("FOOTPLATE_STAGING=\(staging.path)")
    entries.append("FOOTPLATE_OUTPUT=\(staging.candidate)")
    if order.feedback != nil { entries.append("FOOTPLATE_FEEDBACK=\(staging.feedback)") }
    append(order.environment, to: &entries)
    return entries
  }

  /// The entries for a check of an attempt's candidate.
  func entries(
    attempt: AttemptID, epoch: Epoch, environment: [String: String]
  ) -> [String] {
    var entries = marker(attempt: attempt, epoch: epoch)
    append(environment, to: &entries)
    return entries
  }

  /// What names the attempt's process tree on this host, wherever its members went.
  package func marker(attempt: AttemptID, epoch: Epoch) -> [String] {
    [
      "FOOTPLATE_ATTEMPT=\(attempt)", "FOOTPLATE_EPOCH=\(epoch)",
      "FOOTPLATE_WORKSPACE=\(workspace)",
    ]
  }

  private func append(_ own: [String: String], to entries: inout [String]) {
    for (name, entry) in inherited where own[name] == nil { entries.append(entry) }
    // A definition may not take the attempt's own names: its tree would not be found again.
    for (name, value) in own where !name.hasPrefix(Self.prefix) {
      entries.append("\(name)=\(value)")
    }
  }
}

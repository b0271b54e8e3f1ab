// The environment's word on tracking: whether, under which name, and how much may wait.

import BatchModel

/// What the environment says of `footplate track`.
package struct TrackSwitches: Hashable, Sendable {
  package var isOn: Bool
  package var source: String?
  /// Calls that may wait to be taken up; a further one is dropped, and counted.
  package var waitingMax: Int

  package init(_ environment: [String: String]) {
    let word = environment[EnvironmentSwitch.track.name]?.lowercased() ?? ""
    isOn = !["off", "0", "false", "no"].contains(word)
    source = environment[EnvironmentSwitch.trackSource.name].flatMap { $0.isEmpty ? nil : $0 }
    let count = environment[EnvironmentSwitch.trackSpool.name].flatMap { Int($0) }
    waitingMax = count.flatMap { $0 > 0 ? $0 : nil } ?? 10_000
  }
}

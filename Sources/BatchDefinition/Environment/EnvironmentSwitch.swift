// Variables that override nothing of a definition: hooks have none at hand.

/// A switch of the environment, with what the documentation says of it.
package struct EnvironmentSwitch: Hashable, Sendable {
  /// `FOOTPLATE_…`.
  package let name: String
  let takes: String
  let standard: String
  let meaning: String

  package static let track = EnvironmentSwitch(
    name: "FOOTPLATE_TRACK", takes: "`on`, `off`", standard: "`on`",
    meaning: "Whether `footplate track` notes anything.")
  package static let trackSource = EnvironmentSwitch(
    name: "FOOTPLATE_TRACK_SOURCE", takes: "a name", standard: "`hook`, or the step's id",
    meaning: "Which hook it is that tells.")
  package static let trackSpool = EnvironmentSwitch(
    name: "FOOTPLATE_TRACK_SPOOL", takes: "a number", standard: "`10000`",
    meaning:
      "Calls that may wait until an engine takes them up; further ones are dropped and counted.")

  static let all = [track, trackSource, trackSpool]
}

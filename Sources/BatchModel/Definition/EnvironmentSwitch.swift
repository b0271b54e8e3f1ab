// Variables that override nothing of a definition: of hooks, which have none at hand, and of the log.

/// A switch of the environment, with what the documentation says of it.
package struct EnvironmentSwitch: Hashable, Sendable {
  /// `FOOTPLATE_…`.
  package let name: String
  package let takes: String
  package let standard: String
  package let meaning: String

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

  package static let logLevel = EnvironmentSwitch(
    name: "FOOTPLATE_LOG_LEVEL", takes: "`debug`, `info`, `notice`, `warning`, `error`",
    standard: "`info`", meaning: "What an engine writes into its log.")
  package static let logFile = EnvironmentSwitch(
    name: "FOOTPLATE_LOG_FILE", takes: "a path", standard: "`.footplate/engine.log`",
    meaning: "Where an engine's log is; at 10 MB it is renamed to `….1`.")

  package static let all = [track, trackSource, trackSpool, logLevel, logFile]
}

// What a person asks of `footplate run`, as a value that also travels to a detached engine.

package import BatchModel
package import Engine
package import Resilience

/// The options of one engine.
package struct RunOptions: Hashable, Sendable, Codable {
  package enum Resumption: Hashable, Sendable, Codable {
    /// Go on with the newest run of an unchanged definition; otherwise begin one.
    case automatic
    /// Go on with that run.
    case run(String)
    /// Begin a run; saved progress is kept and not used.
    case fresh
  }
  package var resumption: Resumption = .automatic
  package var parallel: Int?
  /// Only items whose key matches.
  package var only: String?
  package var limit: Int?
  package var sample: Int?
  package var seed: UInt64 = 0
  package var stopAt: Instant?
  package var retryFailed = false
  package var refresh = false
  package var force = false
  /// The guardian starts a dead engine again: a pause is kept, and a client that holds the workspace
  /// for a moment is waited for.
  package var isRestart = false
  /// Whether it works behind a guardian: then it stays through long waits.
  package var isDetached = false
  /// The cap of the run, over the definition's.
  package var budget: Money?
  /// The script of a mock agent that stands in for every agent of the definition; absolute.
  package var mockAgent: String?
  /// What the engine writes into its log; `nil` leaves it to the environment.
  package var logLevel: String?
  /// Safe repairs at the start.
  package var heals = true
  package init() {}

  package var insistence: Insistence { force ? .force : refresh ? .refresh : .none }
  /// Whether it runs only some of the items.
  package var isFocused: Bool { only != nil || limit != nil || sample != nil }
}

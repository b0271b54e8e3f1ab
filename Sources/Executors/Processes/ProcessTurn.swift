// One piece of work for a process that stays: an agent's attempt is a turn of its process.

/// What a process is handed, and what bounds it until the turn ends.
package struct ProcessTurn: Sendable {
  /// Written to its standard input.
  package var input: [UInt8]
  package var log: LogOrder?
  /// The turn's, and not the process's.
  package var timeout: Duration?
  /// No byte on standard output or error for so long ends the process.
  package var stall: Duration?

  package init(
    input: [UInt8], log: LogOrder? = nil, timeout: Duration? = nil, stall: Duration? = nil
  ) {
    self.input = input
    self.log = log
    self.timeout = timeout
    self.stall = stall
  }
}

/// What was seen of a turn that ended while its process goes on.
package struct ProcessTurnReport: Hashable, Sendable {
  package var elapsed: Duration
  /// Standard output and error together.
  package var outputBytes: Int64
  /// The last non-empty line of standard error, else of what the listener made of standard output.
  package var lastLine: String
  /// Why the log is incomplete.
  package var logProblem: String?
}

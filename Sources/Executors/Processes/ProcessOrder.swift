// What is to be started, with everything that bounds it.

package import BatchModel

/// An order to run one process.
package struct ProcessOrder: Sendable {
  /// What is executed.
  package enum Invocation: Hashable, Sendable {
    /// An argument vector; its first word is looked up in the environment's PATH unless it has a
    /// slash.
    case arguments([String])
    /// A text for `/bin/sh -c`.
    case shell(String)
  }

  /// What the process finds on its standard input.
  package enum Input: Sendable {
    /// The end of the file at once.
    case none
    /// These bytes through a pipe, as fast as the process reads them.
    case bytes([UInt8])
    /// The file at this path.
    case file(String)
    /// These bytes, and then those of every turn (`ProcessTurn`), through a pipe that stays open.
    case turns([UInt8])
  }

  package var id: AttemptID
  package var invocation: Invocation
  /// The whole environment, `NAME=value` each; nothing is inherited.
  package var environment: [String]
  /// The folder it starts in.
  package var folder: String
  package var input: Input
  package var timeout: Duration?
  /// No byte on standard output or error for so long ends it.
  package var stall: Duration?
  package var log: LogOrder?
  package var capture: CaptureOrder?
  /// Entries of `environment` that no other process tree has all of.
  ///
  /// By them a descendant is found that left the session. Empty: only the session and the living
  /// parents tell.
  package var marker: [String]
  package var mask: SecretMask
  /// Whether it waits for one of the executor's slots, and holds it to its end.
  package var takesSlot: Bool
  /// Called on the executor's thread right before the start; what it throws refuses the start.
  package var beforeStart: (@Sendable () throws -> Void)?
  /// Called on the executor's thread with every piece of standard output; what it returns goes into
  /// the log instead.
  package var listener: (@Sendable (UnsafeRawBufferPointer) -> [UInt8])?

  package init(
    id: AttemptID, invocation: Invocation, environment: [String], folder: String,
    input: Input = .none, timeout: Duration? = nil, stall: Duration? = nil, log: LogOrder? = nil,
    capture: CaptureOrder? = nil, marker: [String] = [], mask: SecretMask = SecretMask(),
    takesSlot: Bool = false, beforeStart: (@Sendable () throws -> Void)? = nil,
    listener: (@Sendable (UnsafeRawBufferPointer) -> [UInt8])? = nil
  ) {
    self.id = id
    self.invocation = invocation
    self.environment = environment
    self.folder = folder
    self.input = input
    self.timeout = timeout
    self.stall = stall
    self.log = log
    self.capture = capture
    self.marker = marker
    self.mask = mask
    self.takesSlot = takesSlot
    self.beforeStart = beforeStart
    self.listener = listener
  }
}

/// Where the log goes and how much of it is kept.
package struct LogOrder: Hashable, Sendable {
  /// Made (0600) with the first byte of output; its folder must exist.
  package var path: String
  package var headBytesMax: Int
  package var tailBytesMax: Int
  package init(path: String, headBytesMax: Int = 1 << 20, tailBytesMax: Int = 1 << 20) {
    self.path = path
    self.headBytesMax = headBytesMax
    self.tailBytesMax = tailBytesMax
  }
}

/// Where standard output is kept as a candidate.
package struct CaptureOrder: Hashable, Sendable {
  /// Made (0600) with the first byte.
  package var path: String
  package var bytesMax: Int
  package init(path: String, bytesMax: Int = 64 << 20) {
    self.path = path
    self.bytesMax = bytesMax
  }
}

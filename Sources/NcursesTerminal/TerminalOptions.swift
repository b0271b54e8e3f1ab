// How the terminal is to be used, apart from what it can do.

package import Canvas

/// What a person or the environment decided about the terminal.
package struct TerminalOptions: Hashable, Sendable {
  /// Fewer colours than the terminal has: `--mono`, `NO_COLOR`.
  package var depthMax: ColorDepth
  /// Frames are shown whole (`?2026`): no tearing on terminals that know it, ignored by others.
  package var synchronizesOutput: Bool
  /// Asks whether the window is in front (`?1004`).
  package var reportsFocus: Bool
  package init(
    depthMax: ColorDepth = .indexed, synchronizesOutput: Bool = true, reportsFocus: Bool = true
  ) {
    self.depthMax = depthMax
    self.synchronizesOutput = synchronizesOutput
    self.reportsFocus = reportsFocus
  }
}

// What the gauges' panels hold beyond the snapshot: what is selected in each, and the answers to
// questions that are too dear to be asked with every snapshot.

package import BatchModel
package import Resilience

/// What a run's money went to.
package struct SpendingFigures: Hashable, Sendable {
  /// The dearest first.
  package var models: [SpendingRow]
  package var steps: [SpendingRow]
  package init(models: [SpendingRow], steps: [SpendingRow]) {
    self.models = models
    self.steps = steps
  }
}

/// What an examination of the workspace said.
package struct ExaminationReport: Hashable, Sendable {
  package var at: Instant
  package var findings: [Finding]
  /// The fix that can be taken back, by its name among the backups.
  package var undo: String?
  /// Everything was read again; otherwise only what is quickly looked at.
  package var isThorough: Bool
  package init(at: Instant, findings: [Finding], undo: String?, isThorough: Bool) {
    self.at = at
    self.findings = findings
    self.undo = undo
    self.isThorough = isThorough
  }
}

/// The state of the gauges' panels.
package struct GaugeState: Hashable, Sendable {
  /// The selected line of each panel by its id, never by its row.
  package var selected: [PanelID: String] = [:]
  package var spending: SpendingFigures?
  package var examination: ExaminationReport?
  /// An examination is under way since then.
  package var examiningSince: Instant?

  package init() {}
}

extension Finding {
  /// By which a screen knows it from one examination to the next.
  package var id: String { "\(code.rawValue) \(subject)" }
}

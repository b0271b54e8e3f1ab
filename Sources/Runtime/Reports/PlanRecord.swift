// One line of `plan --json`.

/// What becomes of one item.
package struct PlanRecord: Codable {
  package let item: String
  package let fate: Fate
  /// The step from which it runs.
  package let step: String?
  package let why: String

  package enum Fate: String, Codable, CaseIterable { case runs, kept, restored, follows, fails }

  package init(item: String, fate: Fate, step: String?, why: String) {
    self.item = item
    self.fate = fate
    self.step = step
    self.why = why
  }
}

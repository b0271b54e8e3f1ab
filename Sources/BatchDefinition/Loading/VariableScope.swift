// Which variables a template may use at its place, so that a mistyped one is found before anything
// runs.

import BatchModel

/// The names that are known at one place of the definition.
struct VariableScope {
  /// Names with a plain value.
  var names: [String]
  /// Whether the items' fields are known only when they are read (jsonl, csv).
  var isOpen: Bool
  /// Fields of the listed items, which may be of any shape.
  var fields: [String] = []
  /// The earlier steps.
  var steps: [StepSummary] = []
  /// The steps that are not done yet at this place.
  var laterSteps: [String] = []

  /// What items of a source offer to every template.
  init(of kind: ItemSource.Kind) {
    switch kind {
    case .glob:
      names = ["path"] + PathParts.names + ["text"]
      isOpen = false
    case .lines, .command:
      names = ["line"]
      isOpen = false
    case .jsonl, .csv:
      names = []
      isOpen = true
    case .list(let items):
      var fields: Set<String> = []
      for case .object(let members) in items { fields.formUnion(members.keys) }
      let hasTexts = items.contains { $0.string != nil }
      names = hasTexts ? ["line"] : []
      if fields.contains("path") { names += PathParts.names + ["text"] }
      isOpen = false
      self.fields = fields.sorted()
    }
  }

  /// For a source that was not understood: nothing is known, so nothing is refused.
  init() {
    names = []
    isOpen = true
  }

  /// For places that know of no item.
  static let nothing = VariableScope(of: .list([]))

  /// This scope with more plain names.
  func adding(_ more: [String]) -> VariableScope {
    var scope = self
    scope.names += more
    return scope
  }

  /// This scope without one name.
  func removing(_ name: String) -> VariableScope {
    var scope = self
    scope.names.removeAll { $0 == name }
    return scope
  }

  /// What is wrong with a variable; `nil` if it may be used.
  func problem(with path: [String]) -> String? {
    guard let first = path.first else { return nil }
    let isNamed = names.contains(first)
    if isNamed, path.count == 1 { return nil }
    if let step = steps.first(where: { $0.id == first }) { return problem(with: path, of: step) }
    if laterSteps.contains(first) {
      return "{{\(path.dotted)}} refers to a step that is not done yet; "
        + (steps.isEmpty ? "there is no earlier one" : "expected \(earlierSteps)")
    }
    if isOpen || fields.contains(first) || fields.contains(path.dotted) { return nil }
    if isNamed { return "{{\(path.dotted)}} has no parts; expected {{\(first)}}" }
    return Phrases.unknown("variable {{\(path.dotted)}}", name: path.dotted, expected: offered)
  }

  /// Whether a section over this value could bring names of its own.
  func mayHaveFields(_ path: [String]) -> Bool {
    guard let first = path.first else { return true }
    return !(names.contains(first) && path.count == 1)
  }

  private var earlierSteps: String { Phrases.oneOf(steps.map(\.id)) }

  private var offered: [String] {
    var offered = names + fields
    for step in steps { offered += stepVariables(step) }
    return offered
  }

  private func stepVariables(_ step: StepSummary) -> [String] {
    var names = step.publishes ? ["candidate", "artifact", "text"] : ["candidate", "text"]
    if step.answer != .text { names.append("json") }
    return names.map { "\(step.id).\($0)" }
  }

  private func problem(with path: [String], of step: StepSummary) -> String? {
    switch path.dropFirst().first {
    case "json"?: return step.answer.problem(with: path)
    case "candidate"?, "text"?:
      if path.count == 2 { return nil }
    case "artifact"?:
      if path.count == 2 {
        guard !step.publishes else { return nil }
        return "{{\(path.dotted)}}: the step \"\(step.id)\" has no output; expected one of: "
          + stepVariables(step).joined(separator: ", ")
      }
    case nil, .some: break
    }
    return Phrases.unknown(
      "variable {{\(path.dotted)}}", name: path.dotted, expected: stepVariables(step))
  }
}

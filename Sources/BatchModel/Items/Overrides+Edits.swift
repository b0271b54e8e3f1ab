// What a person has edited of one step, for one retry of it.

extension Overrides {
  /// Whether the retry of the step has a prompt or parameters of its own.
  package func edits(step: Int) -> Bool { editedStep == step && (prompt != nil || params != nil) }

  /// The whole prompt of the step, in the place of the rendered one.
  package func prompt(ofStep step: Int) -> String? { editedStep == step ? prompt : nil }

  /// A step's parameters with those of the retry laid over them; `null` takes one away.
  package func params(_ params: [String: JSONValue], ofStep step: Int) -> [String: JSONValue] {
    guard editedStep == step, let own = self.params else { return params }
    return params.merging(own) { $1 }.filter { own[$0.key] != .null }
  }
}

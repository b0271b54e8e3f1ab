// Reviews: which earlier step does the work again, and where it goes when that leads nowhere.

import BatchModel

extension BatchDecoder {
  func review(_ group: CheckedGroup, in scope: VariableScope) -> Review? {
    guard group.given.contains("sends_back_to") else {
      for name in ["rounds", "on_loop"] {
        guard let position = group.keyPositions[name] else { continue }
        log.note(
          position, "\"\(name)\" is only for a step with \"sends_back_to\"; remove it")
      }
      return nil
    }
    let target = group["sends_back_to"].flatMap { earlierStep($0, in: scope) }
    let onLoop = group["on_loop"].flatMap { self.onLoop($0, target: target, in: scope) }
    guard let target, let onLoop, let rounds = group["rounds"]?.integer else { return nil }
    return Review(sendsBackTo: target, rounds: rounds, onLoop: onLoop)
  }

  private func onLoop(
    _ value: CheckedValue, target: String?, in scope: VariableScope
  ) -> Review.OnLoop? {
    guard let step = value.group?["escalate"] else { return value.text.map { _ in .fail } }
    guard let name = earlierStep(step, in: scope) else { return nil }
    guard name != target else {
      log.note(
        step.position,
        "on_loop escalates to \"\(name)\", which goes in circles already; expected another step")
      return nil
    }
    return .escalate(step: name)
  }

  private func earlierStep(_ value: CheckedValue, in scope: VariableScope) -> String? {
    guard let name = value.text else { return nil }
    let earlier = scope.steps.map(\.id)
    if earlier.contains(name) { return name }
    let expected =
      earlier.isEmpty ? "there is no earlier one" : "expected \(Phrases.oneOf(earlier))"
    let problem =
      scope.laterSteps.contains(name)
      ? "the step \"\(name)\" does not come before this one; \(expected)"
      : Phrases.unknown("step \"\(name)\"", name: name, expected: earlier)
    log.note(value.position, problem)
    return nil
  }
}

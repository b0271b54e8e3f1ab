// Environment variables over a loaded definition, all of their mistakes at once.

package import BatchModel
import Resilience

extension Batch {
  /// This batch as `environment` wants it: what a variable sets holds over what the definition says.
  ///
  /// Variables of other purposes are left alone, empty ones count as not set; one whose name is
  /// nearly that of a variable is a mistake, since it would be without effect unnoticed. The digest
  /// that an unchanged definition is known by is the loaded batch's, not this one's.
  ///
  /// - Throws: Every mistake at once; show them and exit with status 2.
  package func overridden(by environment: [String: String]) throws(EnvironmentErrors) -> Batch {
    var override = EnvironmentOverride(batch: self, environment: environment)
    override.apply()
    override.reconcile()
    override.noteNearlyNamed()
    guard override.messages.isEmpty else { throw EnvironmentErrors(override.messages) }
    return override.batch
  }
}

/// One environment on its way into a batch.
private struct EnvironmentOverride {
  var batch: Batch
  let environment: [String: String]
  var messages: [String] = []

  mutating func apply() {
    for variable in EnvironmentTable.variables {
      guard let text = text(of: variable) else { continue }
      guard let value = variable.value(text) else {
        messages.append(variable.complaint(text))
        continue
      }
      variable.write(&batch, value)
    }
  }

  /// Brings values together that only make sense beside each other.
  mutating func reconcile() {
    reconcileRetries()
    reconcileBreakers()
    guard let budget = given("BUDGET") ?? given("BUDGET_PER_ITEM") ?? given("BUDGET_PER_DAY") else {
      return
    }
    for step in batch.stepsWithoutBound { complain(budget, Spending.unbounded(step)) }
  }

  private mutating func reconcileRetries() {
    for index in batch.steps.indices
    where batch.steps[index].retry.cap < batch.steps[index].retry.base {
      let retry = batch.steps[index].retry
      let cap = given("RETRY_CAP")
      if let cap, given("RETRY_BASE") != nil {
        return complain(cap, "shorter than FOOTPLATE_RETRY_BASE; expected at least as long")
      }
      batch.steps[index].retry.base = cap == nil ? retry.base : retry.cap
      batch.steps[index].retry.cap = cap == nil ? retry.base : retry.cap
    }
  }

  private mutating func reconcileBreakers() {
    for name in batch.providers.keys.sorted() {
      guard var breaker = batch.providers[name]?.breaker else { continue }
      if breaker.openForMax < breaker.openFor {
        let longest = given("BREAKER_OPEN_FOR_MAX")
        if let longest, given("BREAKER_OPEN_FOR") != nil {
          return complain(
            longest, "shorter than FOOTPLATE_BREAKER_OPEN_FOR; expected at least as long")
        }
        let time = longest == nil ? breaker.openFor : breaker.openForMax
        breaker.openFor = time
        breaker.openForMax = time
      }
      if !breaker.hasRoomForProbes,
        let probes = given("BREAKER_PROBE_DOUBLINGS") ?? given("BREAKER_PROBES")
      {
        return complain(probes, BreakerKeys.tooManyProbes)
      }
      batch.providers[name]?.breaker = breaker
    }
  }

  /// `FOOTPLATE_BREAKER_FAILURE` would change nothing, and nobody would know.
  mutating func noteNearlyNamed() {
    let prefix = EnvironmentVariable.prefix
    let known = EnvironmentTable.variables.map(\.name) + EnvironmentSwitch.all.map(\.name)
    let names = known.map { String($0.dropFirst(prefix.count)) }
    for name in environment.keys.sorted() where name.hasPrefix(prefix) {
      let rest = String(name.dropFirst(prefix.count))
      guard !names.contains(rest), let nearest = NearestName.of(rest, among: names) else {
        continue
      }
      messages.append("\(name): no such variable; did you mean \(prefix + nearest)?")
    }
  }

  private func text(of variable: EnvironmentVariable) -> String? {
    guard let text = environment[variable.name], !text.isEmpty else { return nil }
    return text
  }

  /// The variable of this name, if it is set.
  private func given(_ name: String) -> EnvironmentVariable? {
    EnvironmentTable.variable(EnvironmentVariable.prefix + name).flatMap { variable in
      text(of: variable).map { _ in variable }
    }
  }

  private mutating func complain(_ variable: EnvironmentVariable, _ problem: String) {
    messages.append(variable.complaint(environment[variable.name] ?? "", problem))
  }
}

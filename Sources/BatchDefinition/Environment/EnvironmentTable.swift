// The one table of environment variables: overriding and documentation both read it.

import BatchModel
import Resilience

/// Every variable that overrides the definition.
package enum EnvironmentTable {
  /// In the order in which they are documented and applied: the later ones are the more special.
  package static let variables =
    parallel + budget + retry + longWait + breaker + limits + health + events

  /// The variable of this name.
  static func variable(_ name: String) -> EnvironmentVariable? {
    variables.first { $0.name == name }
  }

  /// The variables in Markdown, a row for each.
  package static var markdown: String {
    let rows = variables.map { variable in
      let standard = variable.keyword.standard.map { "`\($0.text)`" } ?? ""
      let cells = [
        "`\(variable.name)`", "`\(variable.path)`",
        DefinitionReference.words(for: variable.keyword.type), standard, variable.keyword.meaning,
      ]
      return "| " + cells.map(DefinitionReference.escaped).joined(separator: " | ") + " |"
    }
    let switches = EnvironmentSwitch.all.map { variable in
      let cells = ["`\(variable.name)`", "", variable.takes, variable.standard, variable.meaning]
      return "| " + cells.joined(separator: " | ") + " |"
    }
    let head = [
      "| variable | overrides | takes | default | what it means |", "|---|---|---|---|---|",
    ]
    return (head + rows + switches).joined(separator: "\n") + "\n"
  }

  private static let parallel = [
    EnvironmentVariable(
      "PARALLEL", "parallel",
      Keyword("parallel", .integer(1...1024), "Attempts at the same time, of each kind.")
    ) { batch, value in
      batch.parallel.run = value.integer ?? batch.parallel.run
      batch.parallel.llm = value.integer ?? batch.parallel.llm
    },
    row("PARALLEL_RUN", "run", of: Keywords.parallel) { batch, value in
      batch.parallel.run = value.integer ?? batch.parallel.run
    },
    row("PARALLEL_LLM", "llm", of: Keywords.parallel) { batch, value in
      batch.parallel.llm = value.integer ?? batch.parallel.llm
    },
  ]

  private static let budget = [
    row("BUDGET", "cap", of: Keywords.budget) { $0.budget.cap = $1.money },
    row("BUDGET_PER_ITEM", "per_item", of: Keywords.budget) { $0.budget.perItem = $1.money },
    row("BUDGET_PER_DAY", "per_day", of: Keywords.budget) { $0.budget.perDay = $1.money },
    row("BUDGET_ON_REACHED", "on_reached", of: Keywords.budget) { batch, value in
      let name = value.text.flatMap(BudgetLimits.OnReached.init)
      batch.budget.onReached = name ?? batch.budget.onReached
    },
  ]

  private static let retry = [
    row("RETRY_ATTEMPTS", "attempts", of: Keywords.retry) { batch, value in
      forEachStep(&batch) { $0.retry.attempts = value.integer ?? $0.retry.attempts }
    },
    row("RETRY_BASE", "base", of: Keywords.retry) { batch, value in
      forEachStep(&batch) { $0.retry.base = value.duration ?? $0.retry.base }
    },
    row("RETRY_CAP", "cap", of: Keywords.retry) { batch, value in
      forEachStep(&batch) { $0.retry.cap = value.duration ?? $0.retry.cap }
    },
  ]

  private static let longWait = [
    row("LONG_WAIT", "long_wait", of: Keywords.retry) { batch, value in
      batch.longWait.threshold = value.duration ?? batch.longWait.threshold
    },
    row("ON_LONG_WAIT", "on_long_wait", of: Keywords.retry) { batch, value in
      batch.longWait.reaction = value.text.flatMap(LongWait.Reaction.init)
    },
  ]

  private static let breaker = BreakerKeys.all.map { key in
    providerRow("BREAKER", key.name, of: Keywords.breaker) { key.write(&$0.breaker, $1) }
  }

  private static let limits = [
    providerRow("LIMITS", "requests_per_minute", of: Keywords.limits) {
      $0.limits.requestsPerMinute = $1.integer.map(Int64.init)
    },
    providerRow("LIMITS", "input_tokens_per_minute", of: Keywords.limits) {
      $0.limits.inputTokensPerMinute = $1.integer.map(Int64.init)
    },
    providerRow("LIMITS", "output_tokens_per_minute", of: Keywords.limits) {
      $0.limits.outputTokensPerMinute = $1.integer.map(Int64.init)
    },
    providerRow("LIMITS", "concurrent", of: Keywords.limits) {
      $0.limits.concurrent = $1.integer
    },
    providerRow("LIMITS", "adaptive", of: Keywords.limits) {
      $0.limits.isAdaptive = $1.flag ?? $0.limits.isAdaptive
    },
  ]

  /// They change a probe that the definition has, and make none.
  private static let health = [
    providerRow("HEALTH", "path", of: Keywords.health) {
      $0.health?.path = $1.text ?? HealthProbe.ofProvider.path
    },
    providerRow("HEALTH", "every", of: Keywords.health) {
      $0.health?.every = $1.duration ?? HealthProbe.ofProvider.every
    },
    providerRow("HEALTH", "timeout", of: Keywords.health) {
      $0.health?.timeout = $1.duration ?? HealthProbe.ofProvider.timeout
    },
  ]

  /// A sink that the environment names needs no entry in the definition.
  private static let events = [
    row("EVENTS_SINK", "sink", of: Keywords.events) { batch, value in
      guard let url = value.text else { return }
      batch.events = batch.events ?? EventSink(url: url)
      batch.events?.url = url
    },
    row("EVENTS_SPOOL", "spool", of: Keywords.events) { batch, value in
      if let bytes = value.integer { batch.events?.spoolBytesMax = bytes }
    },
    row("EVENTS_KEEP", "keep", of: Keywords.events) { batch, value in
      if let keep = value.duration { batch.events?.keep = keep }
    },
    row("EVENTS_TIMEOUT", "timeout", of: Keywords.events) { batch, value in
      if let timeout = value.duration { batch.events?.timeout = timeout }
    },
  ]

  private static func row(
    _ name: String, _ key: String, of group: KeywordGroup,
    _ write: @escaping EnvironmentVariable.Write
  ) -> EnvironmentVariable {
    guard let keyword = group.keyword(key) else {
      preconditionFailure("\(name) overrides a key of the table")
    }
    return EnvironmentVariable(name, "\(group.title).\(key)", keyword, write)
  }

  /// A key of every provider; its variable has the name of its place.
  private static func providerRow(
    _ prefix: String, _ key: String, of group: KeywordGroup,
    _ write: @escaping @Sendable (inout Provider, CheckedValue) -> Void
  ) -> EnvironmentVariable {
    guard let keyword = group.keyword(key) else {
      preconditionFailure("\(key) is a key of the table")
    }
    let path = "providers.*.\(group.title).\(key)"
    return EnvironmentVariable("\(prefix)_\(key.uppercased())", path, keyword) { batch, value in
      for name in batch.providers.keys {
        guard var provider = batch.providers[name] else { continue }
        write(&provider, value)
        batch.providers[name] = provider
      }
    }
  }

  private static func forEachStep(_ batch: inout Batch, _ change: (inout Step) -> Void) {
    for index in batch.steps.indices { change(&batch.steps[index]) }
  }
}

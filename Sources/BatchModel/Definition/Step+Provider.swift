// Whose permits a step's attempts need: the provider that it names, or one of its own for a process that
// spends and names none.

extension Step {
  /// The provider whose permits its attempts need; `nil` for a command that costs nothing.
  package var providerName: String? {
    if case .llm(let model) = kind { return model.provider }
    return provider ?? unnamedProvider?.name
  }

  /// What stands in for the provider of a process that spends and names none: it limits nothing, and
  /// its bills count.
  package var unnamedProvider: Provider? {
    guard provider == nil, costMax != nil || agentOutput?.tellsCost == true else { return nil }
    if case .llm = kind { return nil }
    return Provider(name: unnamedProviderName, api: .cli)
  }

  /// A name with a blank, which no provider of a definition has.
  package var unnamedProviderName: String {
    switch agentOutput?.form {
    case .claudeJSON, .claudeStreamJSON: "claude command"
    case .codexJSON: "codex command"
    case .pointers, nil: "\(id) command"
    }
  }
}

extension Batch {
  /// The providers whose permits some step needs, in the order of their names.
  package var providersInUse: [Provider] {
    var found: [String: Provider] = [:]
    for step in steps {
      guard let name = step.providerName else { continue }
      found[name] = providers[name] ?? step.unnamedProvider
    }
    return found.keys.sorted().compactMap { found[$0] }
  }
}

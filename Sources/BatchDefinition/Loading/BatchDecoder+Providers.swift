// Providers: from checked values to the model, and those that need no entry.

import BatchModel
import Resilience

/// The providers that steps may name.
struct ProviderBook {
  enum Lookup {
    case known(Provider)
    /// Its entry has a mistake that is noted already.
    case mistaken
    case unknown
  }

  /// What a name means without an entry.
  private static let wellKnown: [String: Provider.API] = [
    "anthropic": .anthropic, "openai": .openai,
  ]

  /// Those of the definition, and the others that a step named.
  private(set) var all: [String: Provider] = [:]
  private var mistaken: Set<String> = []

  /// Every name that means something, sorted.
  var names: [String] { Set(all.keys).union(mistaken).union(Self.wellKnown.keys).sorted() }

  /// The API that a name stands for, if it is well known.
  static func api(of name: String) -> Provider.API? { wellKnown[name] }

  mutating func add(_ name: String, _ provider: Provider?) {
    if let provider { all[name] = provider } else { mistaken.insert(name) }
  }

  /// The provider of a name; a well-known one without an entry gets one.
  mutating func find(_ name: String) -> Lookup {
    if let provider = all[name] { return .known(provider) }
    if mistaken.contains(name) { return .mistaken }
    guard let api = Self.wellKnown[name] else { return .unknown }
    let provider = Provider(name: name, api: api, keyVariable: api.usualKeyVariable)
    all[name] = provider
    return .known(provider)
  }
}

extension BatchDecoder {
  func readProviders(_ root: CheckedGroup) {
    for entry in root["providers"]?.map ?? [] {
      providers.add(
        entry.name, entry.value.group.flatMap { provider(entry.name, $0) })
    }
  }

  /// The provider that a step names, if it exists.
  func provider(named value: CheckedValue) -> Provider? {
    guard let name = value.text else { return nil }
    switch providers.find(name) {
    case .known(let provider): return provider
    case .mistaken: return nil
    case .unknown:
      log.note(
        value.position,
        Phrases.unknown("provider \"\(name)\"", name: name, expected: providers.names))
      return nil
    }
  }

  private func provider(_ name: String, _ group: CheckedGroup) -> Provider? {
    let own = group["api"]?.text.flatMap(Provider.API.init)
    guard let api = own ?? (group.given.contains("api") ? nil : ProviderBook.api(of: name)) else {
      if !group.given.contains("api") {
        log.note(
          group.position,
          "the provider \"\(name)\" has no \"api\"; expected "
            + Phrases.oneOf(Provider.API.allCases.map(\.rawValue)))
      }
      return nil
    }
    if api == .cli { noteWithoutAddress(group) }
    let baseURL = group["base_url"]?.text
    // A vendor's key is for the vendor's own address alone.
    let usual = group.given.contains("base_url") ? nil : api.usualKeyVariable
    return Provider(
      name: name, api: api, baseURL: baseURL,
      keyVariable: group["key"]?.group?["env"]?.text ?? usual,
      billing: group["billing"]?.text.flatMap(Provider.Billing.init) ?? .metered,
      limits: limits(group["limits"]?.group), breaker: breaker(group["breaker"]?.group),
      health: group["health"]?.group.map { self.health($0, .ofProvider) })
  }

  private func noteWithoutAddress(_ group: CheckedGroup) {
    for name in ["base_url", "key", "health"] {
      guard let position = group.keyPositions[name] else { continue }
      log.note(
        position, "\"\(name)\" is only for a provider with an address, not for cli; remove it")
    }
  }

  private func limits(_ group: CheckedGroup?) -> Provider.Limits {
    Provider.Limits(
      requestsPerMinute: group?["requests_per_minute"]?.integer.map(Int64.init),
      inputTokensPerMinute: group?["input_tokens_per_minute"]?.integer.map(Int64.init),
      outputTokensPerMinute: group?["output_tokens_per_minute"]?.integer.map(Int64.init),
      concurrent: group?["concurrent"]?.integer, isAdaptive: group?["adaptive"]?.flag ?? false)
  }

  /// - Parameter standard: what is not given is as there.
  func health(_ group: CheckedGroup, _ standard: HealthProbe) -> HealthProbe {
    var probe = standard
    probe.path = group["path"]?.text ?? probe.path
    probe.every = group["every"]?.duration ?? probe.every
    probe.timeout = group["timeout"]?.duration ?? probe.timeout
    return probe
  }

  /// A value with a mistake is noted already; its default stands in for it.
  private func breaker(_ group: CheckedGroup?) -> CircuitBreaker.Options {
    var options = CircuitBreaker.Options()
    guard let group else { return options }
    for (name, write) in BreakerKeys.all {
      if let value = group[name] { write(&options, value) }
    }
    if options.openForMax < options.openFor {
      if let position = group.keyPositions["open_for_max"] {
        log.note(position, "open_for_max is shorter than open_for; expected at least as long")
      }
      options.openForMax = options.openFor
    }
    if !options.hasRoomForProbes {
      let position = group.keyPositions["probe_doublings"] ?? group.position
      log.note(position, BreakerKeys.tooManyProbes)
      options.halfOpenDoublings = 0
    }
    return options
  }
}

extension Provider.API {
  /// Where the vendor's own documentation has the key.
  var usualKeyVariable: String? {
    switch self {
    case .anthropic: "ANTHROPIC_API_KEY"
    case .openai, .openaiResponses: "OPENAI_API_KEY"
    case .cli: nil
    }
  }
}

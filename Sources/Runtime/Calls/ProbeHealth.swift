// Whether a provider that failed is well again, asked for nothing before a probe pays for a call.

import BatchModel
import ModelCalls
import Resilience
import Synchronization

/// The health checks of a batch's providers.
final class ProbeHealth: Sendable {
  private let endpoints: ProviderEndpoints
  private let caller: ModelCaller
  private let caches = Mutex<[String: HealthCheckCache]>([:])

  init(endpoints: ProviderEndpoints, caller: ModelCaller) {
    self.endpoints = endpoints
    self.caller = caller
  }

  /// What keeps a probe from going out; `nil` for a provider that is well, or has no health check.
  ///
  /// While another probe asks, nothing is known: this one goes out.
  func illness(of provider: Provider) async -> String? {
    guard let health = provider.health else { return nil }
    let name = provider.name
    let asked = caches.withLock { caches in
      var cache =
        caches[name] ?? HealthCheckCache(freshFor: health.every, timeout: health.timeout)
      defer { caches[name] = cache }
      return cache.ask(at: .wallClock)
    }
    switch asked {
    case .wait: return nil
    case .cached(let answer): return answer.isHealthy ? nil : "it was not well a moment ago"
    case .probe(let probe):
      let endpoint = endpoints[name]
      let finding = await caller.check(
        HealthCheck(
          api: provider.modelAPI, path: health.path, server: endpoint.server, key: endpoint.key,
          timeout: health.timeout))
      caches.withLock { caches in
        _ = caches[name]?.report(probe, isHealthy: finding.isHealthy, at: .wallClock)
      }
      return finding.isHealthy ? nil : finding.message
    }
  }
}

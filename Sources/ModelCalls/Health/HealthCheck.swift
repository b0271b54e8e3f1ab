// The check that tells whether a provider is well: a free request with a time of its own.

package import Providers

/// A provider's health check.
package struct HealthCheck: Sendable {
  package var api: ModelAPI
  /// Such as `/v1/models`.
  package var path: String
  package var server: ServerAddress
  package var key: APIKey?
  package var timeout: Duration

  package init(
    api: ModelAPI, path: String, server: ServerAddress, key: APIKey?, timeout: Duration
  ) {
    self.api = api
    self.path = path
    self.server = server
    self.key = key
    self.timeout = timeout
  }
}

extension ModelCaller {
  /// What a health check found.
  package struct HealthFinding: Hashable, Sendable {
    package var isHealthy: Bool
    /// Why not, for a person; empty for a healthy one.
    package var message: String
  }

  /// Asks a provider how it is; `HealthCheckCache` says when.
  ///
  /// Whoever answers is well: a refused key or a rate limit says nothing about the service, and an
  /// unknown path is a mistake in the definition, so only 5xx, redirects and silence count as ill.
  package func check(_ health: HealthCheck) async -> HealthFinding {
    let request = CallRequest(
      http: HTTPCall(healthOf: health.api, path: health.path), server: health.server,
      key: health.key, timeout: health.timeout)
    switch await call(request).result {
    case .cancelled: return HealthFinding(isHealthy: false, message: "the check was cancelled")
    case .outcome(let outcome):
      let isHealthy = (200..<300).contains(outcome.status) || (400..<500).contains(outcome.status)
      return HealthFinding(
        isHealthy: isHealthy, message: isHealthy ? "" : outcome.message)
    }
  }
}

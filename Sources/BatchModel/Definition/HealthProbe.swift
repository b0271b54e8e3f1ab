// What is asked of a server that failed, before anything is risked on it again.

/// A free request whose answer tells whether a provider or a sink is well.
package struct HealthProbe: Hashable, Sendable, Codable {
  /// On the server's host, such as `/health`; asked for with GET.
  package var path: String
  /// How long an answer counts.
  package var every: Duration
  /// A slower answer is none.
  package var timeout: Duration
  package init(
    path: String, every: Duration = .seconds(30), timeout: Duration = .seconds(1)
  ) {
    self.path = path
    self.every = every
    self.timeout = timeout
  }

  /// Of a provider: the list of models, which every API has.
  package static let ofProvider = HealthProbe(path: "/v1/models")
  package static let ofSink = HealthProbe(path: "/health")
}

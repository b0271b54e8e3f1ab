// Where a batch's events are delivered, and how many of them may wait.

/// The sink of a batch's events.
package struct EventSink: Hashable, Sendable, Codable {
  /// An http or https address without credentials; events are posted there.
  package var url: String
  /// The environment variable that holds the sink's key, sent as a bearer token; `nil` sends none.
  package var keyVariable: String?
  /// What may wait for delivery, in bytes of the ledger; past it the least important is lost first.
  package var spoolBytesMax: Int
  /// What has waited longer is lost.
  package var keep: Duration
  /// The longest time for one delivery.
  package var timeout: Duration
  /// Asked before a sink that failed is tried again; `nil` asks nothing.
  package var health: HealthProbe?

  package init(
    url: String, keyVariable: String? = nil, spoolBytesMax: Int = 50_000_000,
    keep: Duration = .seconds(7 * 86_400), timeout: Duration = .seconds(10),
    health: HealthProbe? = nil
  ) {
    self.url = url
    self.keyVariable = keyVariable
    self.spoolBytesMax = spoolBytesMax
    self.keep = keep
    self.timeout = timeout
    self.health = health
  }
}

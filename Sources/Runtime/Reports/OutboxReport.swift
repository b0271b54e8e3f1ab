// `sync --json` and the outbox in `status --json`.

package import BatchModel
import Resilience

/// How the outbox stands.
package struct OutboxReport: Codable {
  package let schemaVersion: Int
  package let sink: String
  package let pending: Int
  package let delivered: Int64
  package let failed: Int64
  package let lost: Int64
  package let lagMs: Int64
  package let sizeBytes: Int
  package let sizeBytesMax: Int
  package let oldest: String?
  package let lastDelivery: String?
  package let nextTry: String?
  /// `unknown`, `well`, `failing`, `open`, `unwilling`.
  package let health: String
  package let trouble: String

  package init(_ figures: OutboxFigures) {
    schemaVersion = 1
    sink = figures.sink
    pending = figures.pending
    delivered = figures.delivered
    failed = figures.failed
    lost = figures.lost
    lagMs = figures.lagMilliseconds
    sizeBytes = figures.sizeBytes
    sizeBytesMax = figures.sizeBytesMax
    oldest = figures.oldest?.rfc3339
    lastDelivery = figures.lastDelivery?.rfc3339
    nextTry = figures.nextTry?.rfc3339
    health = figures.health.rawValue
    trouble = figures.trouble
  }
}

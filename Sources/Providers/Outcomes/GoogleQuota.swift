// Gemini's quota errors, which say in their details what no header says.
// Source: "google.rpc.QuotaFailure" and "google.rpc.RetryInfo" in googleapis, read 2026-11.

import BatchModel
import Resilience

/// The details of a `RESOURCE_EXHAUSTED`.
struct GoogleQuota: Hashable, Sendable {
  /// A day's quota is used up; its retry delay may be seconds all the same, so the quota's name is
  /// what counts.
  var isPerDay = false
  var retryDelay: Duration?

  /// Reads the error's `details`; `nil` when there are none of a quota.
  init?(in body: JSONValue) {
    var body = body
    if case .array(let values) = body, let first = values.first { body = first }
    guard case .array(let details)? = body["error"]?["details"] else { return nil }
    var isQuota = false
    for detail in details.prefix(64) {
      if let delay = detail["retryDelay"]?.string { retryDelay = TimeText.goDuration(delay) }
      guard case .array(let violations)? = detail["violations"] else { continue }
      isQuota = true
      for violation in violations.prefix(64) {
        let name = (violation["quotaId"] ?? violation["quotaMetric"])?.string ?? ""
        if name.contains(/(?i)per_?day/) { isPerDay = true }
      }
    }
    guard isQuota || retryDelay != nil else { return nil }
  }
}

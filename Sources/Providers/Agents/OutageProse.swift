// "API Error: 529 overloaded": a provider's outage in the words of command-line agents, which give no
// status to read it from.

/// What a failed agent says of its provider.
package enum OutageProse {
  /// Longer messages are searched at their beginning.
  private static let searchedBytesMax = 4096

  /// Whether a failure's words are those of a provider that is down, and not of the work.
  ///
  /// Ask it only about an attempt that has failed.
  package static func isOutage(_ text: String) -> Bool {
    let start = String(decoding: text.utf8.prefix(searchedBytesMax), as: UTF8.self).lowercased()
    return start.firstMatch(of: /api error:? \(?5\d\d\b/) != nil
      || words.contains { start.contains($0) }
  }

  private static let words = [
    "overloaded", "internal server error", "service unavailable", "bad gateway",
    "gateway timeout", "connection error", "econnrefused", "econnreset", "etimedout", "enotfound",
    "fetch failed", "stream disconnected", "error sending request",
  ]
}

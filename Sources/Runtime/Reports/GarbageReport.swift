// `gc --json`.

/// What went, or would go.
package struct GarbageReport: Codable {
  package let schemaVersion: Int
  package let isDryRun: Bool
  package let bytes: Int64
  package let removed: [Line]

  package struct Line: Codable {
    package let what: String
    package let count: Int
    package let bytes: Int64
  }

  package init(_ removals: [Removal], isDryRun: Bool) {
    schemaVersion = 1
    self.isDryRun = isDryRun
    bytes = removals.reduce(0) { $0 + $1.bytes }
    removed = removals.map { Line(what: $0.what, count: $0.count, bytes: $0.bytes) }
  }
}

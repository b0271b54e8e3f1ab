// Names for files that are not whole yet: recognisable, so that a crash's leftovers can be removed.

/// A name that no other writer uses: `<prefix><16 hex>`.
enum TemporaryName {
  static func fresh(_ prefix: String) -> String {
    let hex = String(UInt64.random(in: .min ... .max), radix: 16)
    return prefix + String(repeating: "0", count: 16 - hex.utf8.count) + hex
  }
}

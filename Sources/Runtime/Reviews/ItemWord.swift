// An item's key as a person types it into a shell: what a command proposes can be pasted.

package import BatchModel

extension ItemRow {
  /// The key as one word of a shell; in quotation marks where it needs them.
  package var shellWord: String {
    let isPlain = key.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic
          || "0123456789_./-+:@%,".unicodeScalars
            .contains(scalar))
    }
    if isPlain, !key.isEmpty, !key.hasPrefix("-") { return key }
    let quoted = "'" + key.replacing("'", with: "'\\''") + "'"
    return key.hasPrefix("-") ? "-- \(quoted)" : quoted
  }
}
